/** Ways from a value to where it stands in the file. */
import { goToOffset, goToRecord } from '../../state/actions';
import { hex0x } from '../../lib/text';
import { useFile } from './use-file';

interface Stop {
  /** One of many in a group with a single tab stop. */
  readonly stop?: boolean;
}

const stopProps = (stop: boolean | undefined): object => (stop === true ? { 'data-stop': '', tabIndex: -1 } : {});

/** Shows the number of a record, as a link to it. */
export function RecordLink({ record, stop }: Stop & { readonly record: number }): React.ReactNode {
  const file = useFile();
  return (
    <button
      type="button"
      className="link mono"
      title="Show the record"
      {...stopProps(stop)}
      onClick={() => goToRecord(file, record)}
    >
      #{record}
    </button>
  );
}

interface OffsetProps extends Stop {
  readonly offset: number;
  readonly length?: number;
}

/** Shows a file offset in hex, as a link to the `length` bytes there. */
export function OffsetLink({ offset, length = 1, stop }: OffsetProps): React.ReactNode {
  const file = useFile();
  return (
    <button
      type="button"
      className="link mono"
      title="Show the bytes"
      {...stopProps(stop)}
      onClick={() => goToOffset(file, offset, length)}
    >
      {hex0x(offset)}
    </button>
  );
}
