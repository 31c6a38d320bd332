/** HVM save record PMTIMER (13): ACPI timer and event registers. Source: public/arch-x86/hvm/save.h; ACPI 6.5 § 4.8.3. */
import { duration, ticksToNs } from '../../lib/duration';
import { withReserved } from '../kit/bits';
import { struct, u16, u32 } from '../kit/layout';

const PM_TIMER_HZ = 3_579_545n;

export const HVM_PMTIMER = struct(
  'hvm_hw_pmtimer',
  {
    tmr_val: u32({
      display: 'hex',
      doc: 'Power management timer, which counts up at 3.579545 MHz and wraps after 20 minutes.',
      note: (value) => duration(ticksToNs(value, PM_TIMER_HZ)),
    }),
    pm1a_sts: u16({
      display: 'hex',
      doc: 'PM1 status: what has happened.',
      bits: withReserved(16, {
        TMR_STS: { at: 0, doc: 'The top bit of the timer has changed.' },
        BM_STS: { at: 4, doc: 'A bus master was active.' },
        GBL_STS: { at: 5, doc: 'The firmware wants attention.' },
        PWRBTN_STS: { at: 8, doc: 'The power button was pressed.' },
        SLPBTN_STS: { at: 9, doc: 'The sleep button was pressed.' },
        RTC_STS: { at: 10, doc: 'The alarm of the RTC went off.' },
        PCIEXP_WAKE_STS: { at: 14, doc: 'A PCI Express device asked to wake up.' },
        WAK_STS: { at: 15, doc: 'The system has woken up.' },
      }),
    }),
    pm1a_en: u16({
      display: 'hex',
      doc: 'PM1 enable: what raises a system control interrupt.',
      bits: withReserved(16, {
        TMR_EN: { at: 0, doc: 'Changes of the timer’s top bit.' },
        GBL_EN: { at: 5, doc: 'Requests of the firmware.' },
        PWRBTN_EN: { at: 8, doc: 'The power button.' },
        SLPBTN_EN: { at: 9, doc: 'The sleep button.' },
        RTC_EN: { at: 10, doc: 'The alarm of the RTC.' },
        PCIEXP_WAKE_DIS: { at: 14, doc: 'Wake-up by PCI Express is off.' },
      }),
    }),
  },
  { source: 'public/arch-x86/hvm/save.h (struct hvm_hw_pmtimer); ACPI 6.5 § 4.8.3' },
);
