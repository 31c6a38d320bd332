/** A list of which one item is chosen, and its items. The list holds the focus and takes keys and clicks; see `itemOf`. */

/** Makes a list: it needs a label, a tab stop and the id of the active item. */
export const ListBox = (props: React.ComponentProps<'div'>): React.ReactNode => (
  // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a select shows plain text only
  <div role="listbox" {...props} />
);

interface OptionProps extends React.ComponentProps<'div'> {
  /** Its place in the list, which `itemOf` tells. */
  readonly item: number;
  readonly chosen: boolean;
}

/** Makes an item of the list. */
export const Option = ({ item, chosen, ...rest }: OptionProps): React.ReactNode => (
  // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- an option shows plain text only
  <div role="option" data-item={item} aria-selected={chosen} {...rest} />
);
