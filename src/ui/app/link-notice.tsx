/** Says when the open file is not the one that the link was made for. */
import { TriangleAlert } from 'lucide-react';
import { byteSize } from '../../lib/text';
import { useApp } from '../../state/store';
import { writeHistory } from '../../state/url/history';
import styles from './notice.module.css';

function difference(): string | undefined {
  const { expected, file, fingerprint } = useApp.getState();
  if (!expected || !file) return undefined;
  if (expected.size !== file.size) {
    return `The link is for ${expected.name} of ${byteSize(expected.size)}; this file has ${byteSize(file.size)}.`;
  }
  if (expected.fingerprint === undefined || fingerprint === undefined || expected.fingerprint === fingerprint)
    return undefined;
  const { blanked } = useApp.getState().image;
  // What was scrubbed counts in the fingerprint.
  if (blanked?.registers === true || blanked?.config === true)
    return `The link is for ${expected.name}, and this image was scrubbed before it was shared: offsets are the same, if it was made from that one.`;
  return `The link is for another image of the same size: ${expected.name}, fingerprint ${expected.fingerprint}; this one has ${fingerprint}.`;
}

export function LinkNotice(): React.ReactNode {
  const expected = useApp((state) => state.expected);
  useApp((state) => state.file);
  useApp((state) => state.fingerprint);
  const linkProblem = useApp((state) => state.linkProblem);
  const other = expected && difference();
  if (linkProblem === undefined && other === undefined) return undefined;
  return (
    <div className={`${styles['banner']} sev-warning`} role="alert">
      <TriangleAlert size={16} aria-hidden />
      <p>{linkProblem ?? `${other} Places in it may not be what the link meant.`}</p>
      <button
        type="button"
        className="btn"
        onClick={() => {
          useApp.setState({ expected: undefined, linkProblem: undefined });
          // From here on the address is about the open file.
          writeHistory('replace');
        }}
      >
        Dismiss
      </button>
    </div>
  );
}
