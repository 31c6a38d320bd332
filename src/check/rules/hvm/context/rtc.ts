/** What is lost of a guest's real-time clock. Source: xen/arch/x86/hvm/rtc.c. */
import { HVM_RTC } from '../../../../format/hvm/rtc';
import { sizeOf } from '../../../../format/kit/layout';
import type { StateRule } from './state';

/** Bytes of an entry as Xen wrote it before 4.14: without the offset. */
const WITHOUT_OFFSET = sizeOf(HVM_RTC) - sizeOf(HVM_RTC.fields.rtc_offset);

export const RTC_RULES: readonly StateRule<typeof HVM_RTC>[] = [
  {
    id: 'HH-71',
    layer: 'hypervisor',
    severity: 'note',
    title:
      'the stream does not hold the guest’s RTC offset: its clock is set to the host’s UTC plus rtc_timeoffset or localtime of the configuration',
    explain:
      'Xen 4.13 and older saved the clock without the offset that the guest had set. A guest that keeps local time, as Windows does, finds its clock wrong after the restore.',
    advice: 'Set localtime or rtc_timeoffset in the configuration as the guest had it, or let the guest set its clock.',
    source: 'xen/arch/x86/hvm/rtc.c: rtc_load()',
    when: ({ length, kind }) => kind === 'hvm' && length === WITHOUT_OFFSET,
  },
];
