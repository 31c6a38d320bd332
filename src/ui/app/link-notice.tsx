/** Says when the open file is not the one that the link was made for. */
import { TriangleAlert } from 'lucide-react';
import { useStore } from 'zustand';
import { byteSize } from '../../lib/text';
import type { ImageInfo } from '../../scan/image';
import { app } from '../../state/app';
import { phaseOf } from '../../state/jobs/scan';
import type { OpenFile } from '../../state/open-file';
import type { ImageName } from '../../state/place';
import { writeHistory } from '../../state/url/history';
import { useApp } from '../shared/use-app';
import styles from './notice.module.css';

/** Says how the open file differs from the one that the link asks for; undefined where nothing tells them apart. */
function difference(wanted: ImageName, found: ImageName, { blanked }: ImageInfo): string | undefined {
  if (wanted.size !== found.size)
    return `The link is for ${wanted.name} of ${byteSize(wanted.size)}; this file has ${byteSize(found.size)}.`;
  const { fingerprint } = found;
  if (wanted.fingerprint === undefined || fingerprint === undefined || wanted.fingerprint === fingerprint)
    return undefined;
  // What was scrubbed counts in the fingerprint.
  if (blanked?.registers === true || blanked?.config === true)
    return `The link is for ${wanted.name}, and this image was scrubbed before it was shared: offsets are the same, if it was made from that one.`;
  return `The link is for another image of the same size: ${wanted.name}, fingerprint ${wanted.fingerprint}; this one has ${fingerprint}.`;
}

/**
 * Shows a warning when the link could not be read or was made for another file than the open one, until it is
 * dismissed.
 */
export function LinkNotice(): React.ReactNode {
  const file = useApp((state) => state.file);
  const link = useApp((state) => state.link);
  const problem = useApp((state) => state.linkProblem);
  if (problem !== undefined) return <Banner text={problem} />;
  return file && link?.image && <OtherImage file={file} wanted={link.image} />;
}

function OtherImage({ file, wanted }: { readonly file: OpenFile; readonly wanted: ImageName }): React.ReactNode {
  const image = useStore(file.scan.store, ({ known }) => known.image);
  // The fingerprint is there once the scan has ended.
  useStore(file.scan.store, phaseOf);
  const other = difference(wanted, file.imageName, image);
  return other !== undefined && <Banner text={`${other} Places in it may not be what the link meant.`} />;
}

function Banner({ text }: { readonly text: string }): React.ReactNode {
  return (
    <div className={`${styles['banner']} sev-warning`} role="alert">
      <TriangleAlert size={16} aria-hidden />
      <p>{text}</p>
      <button
        type="button"
        className="btn"
        onClick={() => {
          app.setState({ link: undefined, linkProblem: undefined });
          // From here on the address is about the open file.
          writeHistory('replace');
        }}
      >
        Dismiss
      </button>
    </div>
  );
}
