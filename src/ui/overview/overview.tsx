export function Overview(): React.ReactNode {
  return <section />;
}
