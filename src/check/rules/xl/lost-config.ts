/** What the configuration says that a stream cannot keep, or that a newer libxl no longer has. */
import { says } from '../../kit/log-line';
import type { Rule } from '../../kit/rule';
import type { DomainConfig } from '../../kit/domain';

export const CONFIG_RULES: readonly Rule<DomainConfig>[] = [
  {
    id: 'LX-53',
    layer: 'libxl',
    severity: 'fatal',
    versions: { from: 421 },
    log: [says.libxl('unknown device model version'), says.libxl('Unable to set domain build info defaults')],
    title: 'a guest with qemu-traditional, which Xen 4.21 no longer has',
    explain:
      'libxl gives up at this device_model_version, or aborts where the configuration names the firmware too. QEMU would not know the state of its devices either.',
    advice: 'Restore on Xen 4.20 or older. To move on, the guest must be shut down and started with qemu-xen.',
    source: 'tools/libs/light/libxl_create.c: libxl__domain_build_info_setdefault()',
    when: ({ type, deviceModel, hasBios }) =>
      type === 'hvm' && deviceModel === 'qemu_xen_traditional' && (hasBios === true ? { log: [] } : true),
  },
  {
    id: 'LX-54',
    layer: 'spec',
    severity: 'note',
    title: 'the guest may use nested virtualisation: no record holds the state of guests within it',
    explain: 'Xen saves the guest’s own registers only. See HH-68 for a guest that has it turned on.',
    advice: 'Shut down the guests within before it is saved.',
    source: 'xen/include/public/arch-x86/hvm/save.h; xen/arch/x86/hvm/vmx/vvmx.c',
    when: ({ nestedHvm }) => nestedHvm,
  },
  {
    id: 'LX-55',
    layer: 'libxl',
    severity: 'note',
    certainty: 'target',
    title: 'PCI devices are passed through: the target must have them, and their state is not in the image',
    explain:
      'libxl gives the devices of the configuration to the new domain once it is built. They start as after a reset; a driver in the guest that does not expect that fails.',
    advice:
      'Take the devices from the guest before it is saved (xl pci-detach), or name those of the target in its configuration.',
    source: 'tools/libs/light/libxl_create.c: domcreate_attach_devices(); libxl_types.idl: libxl_device_pci',
    when: ({ hasPassthrough }) => hasPassthrough && { settled: false },
  },
];
