/** Which memory the tab shows: the guest's pages, or what a VCPU's page tables make of them. */
import { memo } from 'react';
import { reasonOf } from '../../lib/reason';
import { goToAddress, showPhysical } from '../../state/actions';
import { vcpuNumbered, vcpuNumbers } from '../../state/vcpu-of';
import { Switch } from '../shared/switch';
import { notify } from '../../state/app';
import { useFile, usePlace } from '../shared/use-file';
import type { OpenFile } from '../../state/open-file';

const CHOICES = [
  ['physical', 'Physical'],
  ['virtual', 'Virtual'],
] as const;

/** The next instruction of the shown VCPU is as good a place to start as any. */
async function showVirtual(file: OpenFile): Promise<void> {
  const [first] = vcpuNumbers(file);
  const id = file.place.vcpu ?? first;
  try {
    const vcpu = id === undefined ? undefined : await vcpuNumbered(file, id);
    if (vcpu) goToAddress(file, vcpu.pointers.ip);
    else notify('No vCPU whose registers say where its page tables are');
  } catch (error) {
    notify(`The registers of vCPU ${id} could not be read: ${reasonOf(error)}`);
  }
}

export const ViewSwitch = memo(function ViewSwitch(): React.ReactNode {
  const file = useFile();
  const isVirtual = usePlace((place) => place.va !== undefined);
  return (
    <Switch
      label="Which memory"
      value={isVirtual ? 'virtual' : 'physical'}
      choices={CHOICES}
      onChange={(value) => (value === 'physical' ? showPhysical(file) : void showVirtual(file))}
    />
  );
});
