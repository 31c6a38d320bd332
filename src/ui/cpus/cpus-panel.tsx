/** The virtual CPUs: a card for each, and all registers of the open one. */
import { Cpu, LoaderCircle } from 'lucide-react';
import { counted, grouped, hex0x } from '../../lib/text';
import { goToOffset } from '../../state/actions';
import { fileData } from '../../state/session';
import { useApp } from '../../state/store';
import { focusBytes } from '../shared/focus-bytes';
import { useLandmarks } from '../shared/landmarks';
import { RecordLink } from '../shared/links';
import { PanelMessage } from '../shared/panel-message';
import { useRow } from '../shared/use-decoded';
import { useRoving } from '../shared/use-roving';
import { HvmRegisters } from './hvm-registers';
import { PvRegisters } from './pv-registers';
import { roundOf, useSelectedState } from './round';
import { cutText, isCut } from './summary';
import { VcpuCards } from './vcpu-cards';
import { useVcpu, useVcpus, type Vcpu, type VcpuFields } from './vcpus';
import registers from './registers.module.css';
import styles from './cpus.module.css';

export function CpusPanel(): React.ReactNode {
  const vcpus = useVcpus();
  const selected = useSelectedState();
  const named = useApp((state) => state.place.vcpu);
  const ofRecord = vcpus.find(({ record }) => record === selected && selected !== undefined && named === undefined);
  const about = selected === undefined ? -1 : fileData().records.vcpuAt(selected);
  const chosen = named ?? (about >= 0 ? about : ofRecord?.id);
  const scanning = useApp((state) => state.phase === 'scanning');
  if (vcpus.length === 0) {
    return scanning ? (
      <PanelMessage
        icon={LoaderCircle}
        title="No VCPU yet"
        text="Registers stand at the end of the stream, behind the memory."
      />
    ) : (
      <PanelMessage
        icon={Cpu}
        title="No VCPU"
        text="The stream holds no registers: neither X86_PV_VCPU_BASIC records nor CPU entries in an HVM_CONTEXT."
      />
    );
  }
  const active = Math.max(
    0,
    vcpus.findIndex(({ id }) => id === chosen),
  );
  const open = vcpus[active];
  return (
    <div className={styles['panel']}>
      <VcpuCards vcpus={vcpus} active={active} />
      {open && <From vcpu={open} />}
      {open && <Open vcpu={open} />}
    </div>
  );
}

/** Where the registers come from: of a checkpointed stream, which checkpoint. */
function From({ vcpu }: { readonly vcpu: Vcpu }): React.ReactNode {
  const { checkpoints } = useLandmarks();
  const loaded = useVcpu(vcpu);
  const row = useRow(vcpu.record);
  const round = roundOf(checkpoints, vcpu.record);
  const all = checkpoints.length;
  const where =
    round < all ? `checkpoint ${grouped(round + 1)} of ${grouped(all)}` : `after checkpoint ${grouped(all)}`;
  const fields = loaded.state === 'ready' ? loaded.vcpu : undefined;
  return (
    <p className={styles['from']}>
      <b>vCPU {vcpu.id}</b>
      <span>
        from <RecordLink record={vcpu.record} /> {row?.name}
      </span>
      {all > 0 && <span>{where}</span>}
      {fields && isCut(fields) && <span className={styles['cut']}>{cutText(fields)}</span>}
    </p>
  );
}

function Open({ vcpu }: { readonly vcpu: Vcpu }): React.ReactNode {
  const loaded = useVcpu(vcpu);
  const roving = useRoving<HTMLDivElement>();
  if (loaded.state === 'failed') {
    return <PanelMessage icon={Cpu} title={`vCPU ${vcpu.id} could not be read`} text={loaded.reason} alert />;
  }
  if (loaded.state === 'loading') return <div className={registers['body']} aria-busy="true" />;
  const { form } = loaded.vcpu;
  return (
    <div className={registers['body']} {...roving} role="group" aria-label={`Registers of vCPU ${vcpu.id}`}>
      {form === 'hvm' && <HvmRegisters vcpu={loaded.vcpu} />}
      {(form === 'pv64' || form === 'pv32') && <PvRegisters vcpu={loaded.vcpu} />}
      {(form === 'empty' || form === 'unknown') && <NotDecoded vcpu={loaded.vcpu} />}
    </div>
  );
}

const REASON = {
  empty: 'The record of this VCPU is empty; Xen accepts that and leaves the VCPU as it is.',
  unknown: 'The context is neither that of a 64-bit PV guest (5168 bytes) nor that of a 32-bit one (2800 bytes).',
} as const;

function NotDecoded({ vcpu }: { readonly vcpu: VcpuFields }): React.ReactNode {
  const { form, record, offset, length } = vcpu;
  if (form !== 'empty' && form !== 'unknown') return undefined;
  return (
    <div className={registers['note']}>
      <p>{REASON[form]}</p>
      <p>
        {length > 0 ? `${counted(length, 'byte')} at ${hex0x(offset)} in record ` : 'Record '}
        <RecordLink record={record} />
      </p>
      {length > 0 && (
        <button
          type="button"
          className="btn"
          onClick={() => {
            goToOffset(offset, length);
            focusBytes();
          }}
        >
          Show the bytes
        </button>
      )}
    </div>
  );
}
