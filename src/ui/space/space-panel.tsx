/** Virtual memory: the bytes around an address, how it is found, and the whole address space. */
import { Cpu, LoaderCircle } from 'lucide-react';
import { pagingsOf } from '../../format/paging/paging';
import type { VcpuMemory } from '../../format/paging/vcpu';
import { goToAddress, selectVcpu } from '../../state/actions';
import type { Answer } from '../shared/use-answer';
import { PanelMessage } from '../shared/panel-message';
import { GoToAddress } from './go-to-address';
import { SpaceMapView } from './space-map';
import { useVcpuMemory, useVcpuNumbers } from './use-space';
import { ViewSwitch } from './view-switch';
import { VirtualHex } from './virtual-hex';
import { WalkView } from './walk-view';
import { useFile, useIsScanning, usePhase, usePlace, useUnreached } from '../shared/use-file';
import type { OpenFile } from '../../state/open-file';
import sided from '../shared/sided.module.css';
import styles from './space.module.css';

/** Above this many the number is typed. */
const LIST_LIMIT = 256;

/** Shows virtual memory: the bytes around an address, how it is found, and the whole address space. */
export function SpacePanel({ va }: { readonly va: bigint }): React.ReactNode {
  const ids = useVcpuNumbers();
  const named = usePlace((place) => place.vcpu);
  const id = named ?? ids[0];
  const vcpu = useVcpuMemory(id);
  const memory = vcpu.state === 'ready' ? vcpu.value : undefined;
  return (
    <div className={sided['panel']}>
      <div className="bar">
        <ViewSwitch />
        {id !== undefined && <VcpuSelect ids={ids} id={id} />}
        {memory && <Pointers memory={memory} />}
        <span className={styles['grow']} />
        <GoToAddress vcpus={ids} />
      </div>
      {id !== undefined && memory ? <Body id={id} memory={memory} va={va} /> : <Missing id={id} asked={vcpu} />}
    </div>
  );
}

interface MissingProps {
  readonly id: number | undefined;
  readonly asked: Answer<unknown>;
}

function Missing({ id, asked }: MissingProps): React.ReactNode {
  const scanning = useIsScanning();
  const reason = usePhase() === 'crashed';
  const unreached = useUnreached();
  if (scanning || (id !== undefined && asked.state === 'loading' && !reason))
    return (
      <PanelMessage
        icon={LoaderCircle}
        title="No vCPU yet"
        text="The registers, which locate the page tables, come after the memory in the stream."
      />
    );
  const whose = id === undefined ? 'a vCPU' : `vCPU ${id}`;
  if (asked.state === 'failed')
    return <PanelMessage icon={Cpu} title={`The registers of ${whose} could not be read`} text={asked.reason} alert />;
  return (
    <PanelMessage
      icon={Cpu}
      title={`No registers of ${whose}`}
      text={unreached ?? 'Without registers the page tables cannot be located.'}
    />
  );
}

function choose(file: OpenFile, text: string): void {
  if (/^\d+$/u.test(text)) selectVcpu(file, Number(text));
}

function VcpuSelect({ ids, id }: { readonly ids: readonly number[]; readonly id: number }): React.ReactNode {
  const file = useFile();
  return (
    <label className={styles['vcpu']}>
      <span>vCPU</span>
      {ids.length > LIST_LIMIT ? (
        <input type="number" min={0} value={id} onChange={({ target }) => choose(file, target.value)} />
      ) : (
        <select value={id} onChange={({ target }) => choose(file, target.value)}>
          {(ids.includes(id) ? ids : [...ids, id]).map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      )}
    </label>
  );
}

/** Ways to where the vCPU stands. */
function Pointers({ memory }: { readonly memory: VcpuMemory }): React.ReactNode {
  const file = useFile();
  const { pointers, tables } = memory;
  const places: readonly (readonly [string, bigint])[] = [
    ['ip', pointers.ip],
    ['sp', pointers.sp],
    ...(tables.kind === 'hvm'
      ? ([
          ['gdt', tables.gdtBase],
          ['idt', tables.idtBase],
        ] as const)
      : []),
  ];
  return (
    <span className={styles['pointers']}>
      {places.map(([name, at]) => (
        <button
          key={name}
          type="button"
          className="link"
          title={`Go to 0x${at.toString(16)}`}
          onClick={() => goToAddress(file, at)}
        >
          {name}
        </button>
      ))}
    </span>
  );
}

interface BodyProps {
  readonly id: number;
  readonly memory: VcpuMemory;
  readonly va: bigint;
}

function Body({ id, memory, va }: BodyProps): React.ReactNode {
  const { addressBits } = pagingsOf(memory.registers)[0].mode;
  return (
    <div className={`${sided['body']} ${styles['body']}`}>
      <div className={sided['column']}>
        <VirtualHex id={id} memory={memory} va={va} addressBits={addressBits} />
        <SpaceMapView memory={memory} va={va} addressBits={addressBits} />
      </div>
      <WalkView id={id} memory={memory} va={va} addressBits={addressBits} />
    </div>
  );
}
