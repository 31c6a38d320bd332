/** Which memory the tab shows: the guest's pages, or what a vCPU's page tables make of them. */
import { memo } from 'react';
import { goToAddress, showPhysical } from '../../state/actions';
import { lead } from '../../state/lead';
import { vcpuNumbered, vcpuNumbers } from '../../state/vcpu-of';
import { Switch } from '../shared/switch';
import { useFile, usePlace } from '../shared/use-file';
import type { OpenFile } from '../../state/open-file';

const CHOICES = [
  ['physical', 'Physical'],
  ['virtual', 'Virtual'],
] as const;

/** The next instruction of the shown vCPU is as good a place to start as any. */
function showVirtual(file: OpenFile) {
  const [first] = vcpuNumbers(file);
  const id = file.place.vcpu ?? first;
  return lead(
    file,
    async () => {
      const vcpu = id === undefined ? undefined : await vcpuNumbered(file, id);
      if (!vcpu) return { found: false, notice: 'No vCPU whose registers say where its page tables are' };
      return { found: true, go: () => goToAddress(file, vcpu.pointers.ip) };
    },
    // There the reason stays in view.
    (reason) => ({
      found: false,
      go: () => goToAddress(file, 0n),
      notice: `The registers of vCPU ${id} could not be read: ${reason}`,
    }),
  );
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
