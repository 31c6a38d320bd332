/** The domain that a restore creates, as its configuration describes it. */

/** Kinds of domain that xl and libxl distinguish. */
export type DomainKind = 'pv' | 'pvh' | 'hvm';

/** Tells whether a text names a kind of domain. */
export const isKind = (text: string): text is DomainKind => text === 'pv' || text === 'pvh' || text === 'hvm';

/** The devices that libxl has QEMU emulate. */
export interface EmulatedDevices {
  /** cirrus, std, qxl or none; undefined where the configuration does not say. */
  readonly vga?: string;
  /** Models of the network cards. */
  readonly nics: readonly string[];
  /** A USB controller of the kind that has the state `uhci`. */
  readonly uhci: boolean;
  /** It names an emulated sound card. */
  readonly sound: boolean;
}

/** The Hyper-V interfaces that a configuration asks for. */
export interface ViridianConfig {
  /** The default set is wanted. */
  readonly defaults: boolean;
  /** Numbers of the groups that are added to it, and taken from it. */
  readonly enable: readonly number[];
  readonly disable: readonly number[];
}

/** The configuration as far as a restore hangs on it. */
export interface DomainConfig {
  /** c_info.type: what is created. */
  readonly type?: DomainKind;
  /** The `type.…` key of b_info: what libxl builds. */
  readonly buildType?: DomainKind;
  readonly maxVcpus: number;
  /** target_memkb, KiB: what libxl limits the domain to, and 1 MiB. */
  readonly maxMemory?: number;
  readonly hasPassthrough: boolean;
  /** I/O memory or ports of the host are the guest's; not known without a configuration. */
  readonly hasIo?: boolean;
  readonly nestedHvm: boolean;
  /** It has virtual NUMA nodes. */
  readonly hasVnuma?: boolean;
  /** Hyper-V interfaces that it asks for; only of an HVM guest. */
  readonly viridian?: ViridianConfig;
  /** device_model_version, as libxl spells it. */
  readonly deviceModel?: string;
  /** It names the firmware. */
  readonly hasBios?: boolean;
  /** Undefined where it gives QEMU arguments of its own, or is no JSON. */
  readonly emulated?: EmulatedDevices;
}
