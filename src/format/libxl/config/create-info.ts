/** What kind of domain is created. Source: libxl_types.idl, libxl_domain_create_info. */
import { before, defbool, enumOf, from, keyValueList, string, struct, uint32, uuid } from './idl';

/** Kinds of domain, as libxl spells them. */
const DOMAIN_TYPE = enumOf('invalid', 'hvm', 'pv', { name: 'pvh', from: 410 });

const PASSTHROUGH = enumOf('default', 'disabled', 'enabled', 'sync_pt', 'share_pt');

export const CREATE_INFO = struct({
  type: DOMAIN_TYPE,
  hap: defbool,
  oos: defbool,
  ssidref: uint32,
  ssid_label: string,
  name: string,
  domid: from(414, uint32),
  uuid,
  xsdata: keyValueList,
  platformdata: keyValueList,
  poolid: uint32,
  pool_name: string,
  run_hotplug_scripts: defbool,
  pvh: before(409, defbool),
  driver_domain: defbool,
  passthrough: from(413, PASSTHROUGH),
  xend_suspend_evtchn_compat: from(414, defbool),
});
