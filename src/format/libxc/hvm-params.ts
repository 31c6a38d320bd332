/** HVM_PARAMS: parameters of an HVM guest. Source: libxc-migration-stream.pandoc, public/hvm/params.h. */
import { array, type Names, struct, u32, u64 } from '../kit/layout';
import { hex0x } from '../../lib/text';

const HVM_PARAM_NAMES: Names = {
  0: 'CALLBACK_IRQ',
  1: 'STORE_PFN',
  2: 'STORE_EVTCHN',
  4: 'PAE_ENABLED',
  5: 'IOREQ_PFN',
  6: 'BUFIOREQ_PFN',
  9: 'VIRIDIAN',
  10: 'TIMER_MODE',
  11: 'HPET_ENABLED',
  12: 'IDENT_PT',
  13: 'DM_DOMAIN',
  14: 'ACPI_S_STATE',
  15: 'VM86_TSS',
  16: 'VPT_ALIGN',
  17: 'CONSOLE_PFN',
  18: 'CONSOLE_EVTCHN',
  19: 'ACPI_IOPORTS_LOCATION',
  20: 'MEMORY_EVENT_CR0',
  21: 'MEMORY_EVENT_CR3',
  22: 'MEMORY_EVENT_CR4',
  23: 'MEMORY_EVENT_INT3',
  24: 'NESTEDHVM',
  25: 'MEMORY_EVENT_SINGLE_STEP',
  26: 'BUFIOREQ_EVTCHN',
  27: 'PAGING_RING_PFN',
  28: 'MONITOR_RING_PFN',
  29: 'SHARING_RING_PFN',
  30: 'MEMORY_EVENT_MSR',
  31: 'TRIPLE_FAULT_REASON',
  32: 'IOREQ_SERVER_PFN',
  33: 'NR_IOREQ_SERVER_PAGES',
  34: 'VM_GENERATION_ID_ADDR',
  35: 'ALTP2M',
  36: 'X87_FIP_WIDTH',
  37: 'VM86_TSS_SIZED',
  38: 'MCA_CAP',
};

export const HVM_PARAMS = struct('HVM_PARAMS', {
  count: u32({ doc: 'Number of parameters.' }),
  reserved: u32({ display: 'hex', mustBe: 0 }),
  param: array(
    struct(
      'hvm_param',
      {
        index: u64({ names: HVM_PARAM_NAMES, doc: 'Which parameter (HVM_PARAM_*).' }),
        value: u64({ display: 'hex' }),
      },
      {
        summary: ({ index, value }) =>
          index === undefined || value === undefined
            ? undefined
            : `${HVM_PARAM_NAMES[Number(index)] ?? `parameter ${index}`} = ${hex0x(value)}`,
      },
    ),
    (before) => Number(before['count']),
  ),
});
