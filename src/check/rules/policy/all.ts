/** The rules for a CPU policy, in the order in which Xen comes to them. */
import type { Rule } from '../../kit/rule';
import { COMPATIBLE_RULES } from './compatible';
import { COPY_RULES } from './copy';
import { GUEST_POLICY_RULES } from './guest';
import type { PolicyRecords } from './records';

export const POLICY_RULES: readonly Rule<PolicyRecords>[] = [...COPY_RULES, ...COMPATIBLE_RULES, ...GUEST_POLICY_RULES];
