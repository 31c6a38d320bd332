/** Shows the heads of a table's columns. */
export function TableHead({ columns }: { readonly columns: readonly string[] }): React.ReactNode {
  return (
    <thead className="cap">
      <tr>
        {columns.map((column) => (
          <th key={column} scope="col">
            {column}
          </th>
        ))}
      </tr>
    </thead>
  );
}
