/**
 * Messages that tell of a failure which no image shows: whose fault each is, and what to look at. They are in the logs of
 * the sender, of the host that restores, of a toolstack, or of the guest.
 */

/** Whose fault it is. */
export type Side = 'sender' | 'host' | 'toolstack' | 'guest';

export interface HostLine {
  readonly pattern: RegExp;
  readonly side: Side;
  /** What happened and what to look at. */
  readonly note: string;
}

const host = (pattern: RegExp, note: string): HostLine => ({ pattern, side: 'host', note });
const sender = (pattern: RegExp, note: string): HostLine => ({ pattern, side: 'sender', note });
const guest = (pattern: RegExp, note: string): HostLine => ({ pattern, side: 'guest', note });
const toolstack = (pattern: RegExp, note: string): HostLine => ({ pattern, side: 'toolstack', note });

const MEMORY = 'the host has too little free memory: look at xl info (free_memory) and at dom0’s ballooning';
const LOCK = 'a disk of the guest is still in use: look for another guest or a qemu that has it open';
const DISK = 'a disk could not be attached: look at the hotplug script’s log and at the storage';
const SUSPEND = 'the guest did not suspend when it was asked to: look at its console and its PV drivers';
const CONNECTION = 'the connection between the hosts broke: look at the other side’s log first';

/** Sources: tools/xl, tools/libs/light, tools/libs/guest, xen/common and xen/arch/x86, QEMU block/, xenopsd. */
export const HOST_LINES: readonly HostLine[] = [
  // Memory of the host that restores.
  host(/^Failed to populate \d+ pfns for batch of \d+ pages/u, MEMORY),
  host(/^Failed to populate physmap: Cannot allocate memory/u, MEMORY),
  host(/^Failed to allocate memory for batch/u, MEMORY),
  host(/^failed to free memory for the domain/u, MEMORY),
  host(/^Could not allocate order=\d+ extent: id=\d+/u, MEMORY),
  host(/^Memory [FTS] +\d+ KiB/u, 'what xenopsd counts of the host’s memory'),
  host(/^setting domain (?:memory|maxmem)/u, MEMORY),
  host(
    /^d\d+: Over-allocation: d\d+'s page count \d+ is above its maximum \d+/u,
    'the guest asked for more pages than it may have: compare memory and maxmem of the configuration with the image',
  ),
  host(
    /^p2m_pod_demand_populate: Dom\d+ out of PoD memory/u,
    'the guest was started with less memory than maxmem and its balloon driver did not give back enough',
  ),
  // Disks and other devices of the host.
  host(/^xen be: qdisk-\d+: error: Failed to get "?(?:write|consistent read|resize)"? lock/u, LOCK),
  host(/^Failed to get "?(?:write|consistent read|shared "write)"? lock/u, LOCK),
  host(/^unable to add (?:disk|nic|vif|vkb|usb|pci|vfb|vtpm|dtdev|extra) devices?/u, DISK),
  host(/^unable to add device with path /u, DISK),
  host(/^\/etc\/xen\/scripts\/[\w.-]+ (?:add|online|remove) \[\d+\] exited with error status \d+/u, DISK),
  host(/^Device \d+(?: of type \w+)?:? .*(?:timed out|did not become ready)/u, DISK),
  host(/^xen be: \w+-\d+: /u, 'QEMU’s backend of a device failed: look at the qemu-dm log and at the device'),
  host(
    /^timed out waiting for (?:device|hotplug|qemu)/u,
    'a device or a hotplug script did not answer in time: look at xenstore and at udev',
  ),
  // The domain that is created.
  host(
    /^Domain with name "?[^"]*"? already exists/u,
    'the name is taken: the guest still runs, or another has its name',
  ),
  host(
    /^Failed to read config file: /u,
    'the configuration named on the command line could not be read; the image is not at fault',
  ),
  host(
    /^domain creation fail(?:ed)?: /u,
    'Xen refused to create the domain: look at xl dmesg and at the configuration',
  ),
  host(/^cannot make domain: -?\d+/u, 'libxl could not create the domain: the line before tells why'),
  host(/^libxl_domain_create_restore failed/u, 'libxl gives up: the line before tells why'),
  host(
    /^TSC Mode native_paravirt \(a\.k\.a PVRDTSCP\) has been removed/u,
    'tsc_mode native_paravirt is in the configuration, which Xen 4.12 and newer no longer have: set another mode',
  ),
  host(
    /^TypeError: can't multiply sequence by non-int of type 'float/u,
    'a fault of convert-legacy-stream under Python 3, mended in Xen 4.16: not of the image',
  ),
  host(/^Traceback \(most recent call last\)/u, 'a Python tool failed: its last line tells why'),
  host(/^spawning conversion helper/u, 'libxl has a legacy stream converted'),
  host(
    /^conversion helper \[\d+\] exited with error status/u,
    'convert-legacy-stream could not convert the stream: its own lines before tell why',
  ),
  // The sender.
  sender(/^guest didn't acknowledge suspend, cancelling request/u, SUSPEND),
  sender(/^guest did not suspend, timed out/u, SUSPEND),
  sender(/^Migration failed, failed to suspend at sender/u, SUSPEND),
  sender(/^Domain (?:did not suspend|has not suspended)/u, SUSPEND),
  sender(/^Failed to suspend domain/u, 'libxl could not suspend the guest for saving: the line before tells why'),
  sender(/^Cannot save a guest with vNUMA configured/u, 'libxl does not save a guest that has virtual NUMA nodes'),
  sender(
    /^Failed to save domain, resuming domain/u,
    'the save failed and the guest runs on: the line before tells why',
  ),
  sender(/^Migration failed, resuming at sender/u, 'the migration failed and the guest runs on at the sender'),
  sender(/^Save failed \(\d+ = /u, 'libxc gives up saving: the line before tells why'),
  sender(/^Saving to .* new xl format/u, 'xl starts to save'),
  sender(
    /^PTE truncation detected\. {2}L\d\[\d+\] = /u,
    'the guest has a page table entry that the stream cannot hold: the save was refused',
  ),
  sender(
    /^p2m generation count changed\. Migration aborted/u,
    'the guest changed its P2M during the migration: try again, or save it while it is quiet',
  ),
  sender(
    /^Failed to write page data to stream \(28 = /u,
    'the disk that the image was written to is full: the image is cut off',
  ),
  sender(/^Failed to write page data to stream \(32 = /u, CONNECTION),
  sender(
    /^Failed to write .* (?:to stream|record)/u,
    'the stream could not be written: look at the disk or the connection',
  ),
  sender(/^file\/stream truncated reading ready message from migration receiver stream/u, CONNECTION),
  sender(/^migration transport process \[\d+\] exited with error status \d+/u, CONNECTION),
  sender(/^migration target: /u, 'what the receiving xl said: its own log tells more'),
  sender(
    /^(?:Unable|Failed) to (?:get|query) (?:extd|extended|domain) info/u,
    'libxc could not ask Xen about the guest',
  ),
  // The guest.
  guest(/^Domain \d+ \(vcpu#\d+\) crashed on cpu#\d+/u, 'the guest crashed: what follows are its registers'),
  guest(/^domain_crash called from /u, 'Xen ended the guest: the lines around tell why'),
  guest(
    /^d\d+v\d+ Triple fault - invoking HVM shutdown action \d/u,
    'the guest’s CPU had no way on: it crashed or rebooted',
  ),
  guest(/^Kernel panic - not syncing/u, 'the guest’s kernel gave up: an error of the guest, after it was restored'),
  guest(/^BUG: unable to handle /u, 'the guest’s kernel touched memory that is not there'),
  guest(/^(?:general protection fault|Oops|invalid opcode): /u, 'the guest’s kernel failed'),
  guest(/^RIP: [\da-f]{4}:/u, 'where the guest’s kernel failed: the name is that of its function'),
  // Toolstacks.
  toolstack(/^xenopsd internal error: /u, 'xenopsd failed: the text behind it tells where'),
  toolstack(/^xenops: VM\.\w+ /u, 'xenopsd reports the failure of its helper: look at the lines of xenguest'),
  toolstack(/^Assertion failed/u, 'xenopsd or xapi failed in a test of its own'),
  toolstack(
    /^Domain\.Emu_manager_failure/u,
    'emu-manager reports the failure of xenguest or of QEMU: look at their lines',
  ),
];

/** Name of each side as it is shown. */
export const SIDES: Readonly<Record<Side, string>> = {
  sender: 'sender',
  host: 'host',
  toolstack: 'toolstack',
  guest: 'guest',
};
