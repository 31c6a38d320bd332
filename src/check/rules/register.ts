/** All rules, in the order in which a restore comes to them. Adding a rule is adding an entry to one of these tables. */
import { keyOf, type RuleText } from '../kit/rule';
import { FRAME_RULES } from './libxc/framing';
import { RECORD_RULES } from './libxc/order';
import { TSC_RULES } from './libxc/tsc';
import { RULES_BY_TYPE } from './hvm/context/by-type';
import { HVM_STEP_RULES } from './hvm/context/chain';
import { EVERY_TYPE_RULES } from './hvm/context/every-type';
import { HVM_CONTEXT_RECORD_RULES, HVM_HEADER_RULES } from './hvm/context/header';
import { HVM_PRESENCE_RULES } from './hvm/context/presence';
import { X2APIC_RULES } from './hvm/context/x2apic';
import { HVM_PARAM_RULES } from './hvm/param-values';
import { DROPPED_PARAM_RULES, HVM_PARAMS_RULES } from './hvm/params';
import { HVM_RING_RULES } from './hvm/rings';
import { DOMAIN_HEADER_RULES, IMAGE_HEADER_RULES } from './libxc/headers';
import { LIBXL_END_RULES, TRAILER_RULES } from './libxl/end';
import { LIBXL_HEADER_RULES } from './libxl/header';
import { LIBXL_RECORD_RULES } from './libxl/record';
import { VERIFY_RULES } from './libxc/verify';
import { XENSTORE_DATA_RULES } from './libxl/xenstore-data';
import { LEGACY_RULES } from './libxl/legacy';
import { LIBVIRT_RULES } from './libvirt';
import { MEMORY_LIMIT_RULES } from './libxc/memory-limit';
import { LONG_PV_INFO_RULES, PAGE_SHIFT_RULES, UNUSED_XSAVE_RULES } from './spec';
import { P2M_CONTENT_RULES } from './pv/tables/p2m-content';
import { PAGE_FRAME_RULES, PAGE_SIZE_RULES, PFN_BIT_RULES, PFN_RULES, STATIC_DATA_RULES } from './libxc/page-data';
import { LOCALISE_RULES, TARGET_RULES } from './pv/tables/page-tables';
import { PAGE_TYPE_RULES } from './pv/tables/page-types';
import { POLICY_RULES } from './policy/all';
import { LOST_RULES } from './policy/guest';
import { POPULATE_RULES } from './libxc/populate';
import { MEMORY_RULES } from './presence';
import {
  CONSOLE_RULES,
  CR1_RULES,
  CR3_RULES,
  GDT_FRAME_RULES,
  P2M_FRAME_RULES,
  START_INFO_RULES,
  STORE_RULES,
} from './pv/frames';
import { P2M_RULES, PV_INFO_RULES, SHARED_INFO_RULES } from './pv/info';
import { PV_MSR_RULES } from './pv/msrs';
import { CONTEXT_RULES, GDT_COUNT_RULES } from './pv/state';
import { BASIC0_RULES, PV_PRESENCE_RULES } from './pv/presence';
import { EXTENDED_RULES } from './pv/extended';
import { NARROW_L4_RULES, RAW_ROOT_RULES, STRAY_TABLE_RULES } from './pv/tables/stray-frames';
import { TSC_PRESENCE_RULES } from './libxc/tsc';
import { VCPU_RECORD_RULES } from './pv/vcpu';
import { BLANKED_RULES } from './blanked';
import { FAILOVER_RULES } from './libxc/failover';
import { READER_RULES } from './reader';
import { QEMU_RULES } from './qemu';
import { CONFIG_RULES } from './xl/lost-config';
import { XL_CONFIG_RULES, XL_TEXT_RULES } from './xl/config';
import { BEFORE_STREAM_RULES, BEHIND_STREAM_RULES } from './libxl/domain';
import { XL_HEADER_RULES } from './xl/header';
import { PV_XSAVE_RULES } from './x86/xstate';

/** A table of rules with what its rules look at. */
interface RuleTable {
  readonly title: string;
  readonly rules: readonly RuleText[];
}

export const RULE_TABLES: readonly RuleTable[] = [
  { title: 'Images made for sharing', rules: BLANKED_RULES },
  { title: 'Who reads the file', rules: READER_RULES },
  { title: 'The file of xl', rules: [...XL_HEADER_RULES, ...XL_TEXT_RULES, ...XL_CONFIG_RULES, ...CONFIG_RULES] },
  {
    title: 'The domain that libxl creates',
    rules: [...BEFORE_STREAM_RULES, ...BEHIND_STREAM_RULES],
  },
  { title: 'The file of virsh save', rules: LIBVIRT_RULES },
  {
    title: 'The libxl stream',
    rules: [
      ...LEGACY_RULES,
      ...LIBXL_HEADER_RULES,
      ...LIBXL_RECORD_RULES,
      ...XENSTORE_DATA_RULES,
      ...LIBXL_END_RULES,
      ...TRAILER_RULES,
    ],
  },
  { title: 'The headers of libxc', rules: [...IMAGE_HEADER_RULES, ...DOMAIN_HEADER_RULES, ...PAGE_SHIFT_RULES] },
  {
    title: 'Records of libxc',
    rules: [...FRAME_RULES, ...RECORD_RULES, ...FAILOVER_RULES, ...TSC_RULES, ...TSC_PRESENCE_RULES],
  },
  { title: 'CPU policy', rules: [...POLICY_RULES, ...LOST_RULES] },
  {
    title: 'PAGE_DATA',
    rules: [
      ...STATIC_DATA_RULES,
      ...PAGE_FRAME_RULES,
      ...PFN_RULES,
      ...PFN_BIT_RULES,
      ...PAGE_SIZE_RULES,
      ...POPULATE_RULES,
      ...VERIFY_RULES,
    ],
  },
  {
    title: 'Records of PV guests',
    rules: [...PV_INFO_RULES, ...LONG_PV_INFO_RULES, ...P2M_RULES, ...SHARED_INFO_RULES, ...VCPU_RECORD_RULES],
  },
  {
    title: 'Page tables and P2M of PV guests',
    rules: [
      ...LOCALISE_RULES,
      ...TARGET_RULES,
      ...PAGE_TYPE_RULES,
      ...STRAY_TABLE_RULES,
      ...NARROW_L4_RULES,
      ...P2M_FRAME_RULES,
      ...P2M_CONTENT_RULES,
    ],
  },
  {
    title: 'vCPUs of PV guests',
    rules: [
      ...PV_PRESENCE_RULES,
      ...MEMORY_LIMIT_RULES,
      ...BASIC0_RULES,
      ...START_INFO_RULES,
      ...STORE_RULES,
      ...CONSOLE_RULES,
      ...GDT_COUNT_RULES,
      ...GDT_FRAME_RULES,
      ...CR3_RULES,
      ...CR1_RULES,
      ...CONTEXT_RULES,
      ...RAW_ROOT_RULES,
      ...EXTENDED_RULES,
      ...UNUSED_XSAVE_RULES,
      ...PV_XSAVE_RULES,
      ...PV_MSR_RULES,
    ],
  },
  { title: 'HVM_PARAMS', rules: [...HVM_PARAMS_RULES, ...DROPPED_PARAM_RULES, ...HVM_PARAM_RULES, ...HVM_RING_RULES] },
  {
    title: 'The HVM context',
    rules: [
      ...HVM_CONTEXT_RECORD_RULES,
      ...HVM_HEADER_RULES,
      ...HVM_STEP_RULES,
      ...Object.values(RULES_BY_TYPE).flatMap(({ before }) => before),
      ...EVERY_TYPE_RULES,
      ...Object.values(RULES_BY_TYPE).flatMap(({ after }) => after),
      ...X2APIC_RULES,
      ...HVM_PRESENCE_RULES,
      ...MEMORY_RULES,
    ],
  },
  { title: 'The device model', rules: QEMU_RULES },
];

export const RULES: readonly RuleText[] = RULE_TABLES.flatMap(({ rules }) => rules);

const BY_KEY: ReadonlyMap<string, RuleText> = new Map(RULES.map((rule) => [keyOf(rule), rule]));

/** Returns the rule of this key; undefined for a key that no rule of this version has. */
export const ruleOf = (key: string): RuleText | undefined => BY_KEY.get(key);
