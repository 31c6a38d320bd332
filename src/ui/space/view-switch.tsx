/** Which memory the tab shows: the guest's pages, or what a VCPU's page tables make of them. */
import { ToggleGroup } from 'radix-ui';
import { goToAddress, showPhysical } from '../../state/actions';
import { useApp } from '../../state/store';
import { vcpuNumbered, vcpuNumbers } from '../../state/vcpu-of';
import { notify } from '../../state/actions';
import styles from './space.module.css';

/** The next instruction of the shown VCPU is as good a place to start as any. */
async function showVirtual(): Promise<void> {
  const [first] = vcpuNumbers();
  const id = useApp.getState().place.vcpu ?? first;
  const vcpu = id === undefined ? undefined : await vcpuNumbered(id);
  if (vcpu) goToAddress(vcpu.pointers.ip);
  else notify('No VCPU whose registers say where its page tables are');
}

export function ViewSwitch(): React.ReactNode {
  const isVirtual = useApp((state) => state.place.va !== undefined);
  return (
    <ToggleGroup.Root
      type="single"
      className={styles['choice']}
      aria-label="Which memory"
      value={isVirtual ? 'virtual' : 'physical'}
      onValueChange={(value) => {
        if (value === 'physical') showPhysical();
        else if (value === 'virtual') void showVirtual();
      }}
    >
      <ToggleGroup.Item value="physical">Physical</ToggleGroup.Item>
      <ToggleGroup.Item value="virtual">Virtual</ToggleGroup.Item>
    </ToggleGroup.Root>
  );
}
