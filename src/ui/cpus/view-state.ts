/** What changes how the vCPUs of a file are looked at. */
import type { OpenFile } from '../../state/open-file';
import type { VcpuView, ViewName } from '../../state/vcpu-view';

const change = ({ view }: OpenFile, by: Partial<VcpuView>): void =>
  view.setState(({ vcpus }) => ({ vcpus: { ...vcpus, ...by } }));

/** Makes the panel show a view; a vCPU that does not have it shows its first one. */
export const showView = (file: OpenFile, view: ViewName): void => change(file, { view });

/** Chooses the vCPU to compare with: its number, `auto` for the one open before, `none` for no comparison. */
export const compareWith = (file: OpenFile, choice: VcpuView['compareWith']): void =>
  change(file, { compareWith: choice });

/** Takes note of the vCPU that is open. */
export function opened(file: OpenFile, id: number): void {
  const { current } = file.view.getState().vcpus;
  if (current !== id) change(file, { current: id, previous: current });
}
