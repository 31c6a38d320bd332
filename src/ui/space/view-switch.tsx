/** Which memory the tab shows: the guest's pages, or what a VCPU's page tables make of them. */
import { memo } from 'react';
import { goToAddress, notify, showPhysical } from '../../state/actions';
import { useApp } from '../../state/store';
import { vcpuNumbered, vcpuNumbers } from '../../state/vcpu-of';
import { Switch } from '../shared/switch';

const CHOICES = [
  ['physical', 'Physical'],
  ['virtual', 'Virtual'],
] as const;

/** The next instruction of the shown VCPU is as good a place to start as any. */
async function showVirtual(): Promise<void> {
  const [first] = vcpuNumbers();
  const id = useApp.getState().place.vcpu ?? first;
  const vcpu = id === undefined ? undefined : await vcpuNumbered(id);
  if (vcpu) goToAddress(vcpu.pointers.ip);
  else notify('No VCPU whose registers say where its page tables are');
}

export const ViewSwitch = memo(function ViewSwitch(): React.ReactNode {
  const isVirtual = useApp((state) => state.place.va !== undefined);
  return (
    <Switch
      label="Which memory"
      value={isVirtual ? 'virtual' : 'physical'}
      choices={CHOICES}
      onChange={(value) => (value === 'physical' ? showPhysical() : void showVirtual())}
    />
  );
});
