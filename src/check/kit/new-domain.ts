/** The domain that libxl is about to create, by its configuration. */
import type { ReadConfig } from '../../format/libxl/config/read';
import type { DomainKind } from './domain';
import type { XenVersion } from './xen-version';

export interface NewDomain {
  /** What libxl took of the configuration; places count from the start of its text. */
  readonly config: ReadConfig['taken'];
  /** The key of b_info that names what is built. */
  readonly kind: DomainKind;
  /** c_info.type: what is created; undefined where it names none. */
  readonly type: DomainKind | undefined;
  readonly xen: XenVersion;
}
