/** What `xenscope --help` prints. */
export const USAGE = `Usage:
  xenscope list IMAGE [--json]         every header and record; one JSON object a line with --json
  xenscope show IMAGE REF [--json]     decoded fields of a record; REF = record index, offset:0x…, pfn:0x… or start_info
  xenscope check IMAGE [--json] [--log FILE] [--target-policy FILE] [--xen VERSION]
                                       would it restore, and if not, why; exit code 1 if not, or if nobody can tell
                                         --log            a log of a restore, to find its lines in the image
                                         --target-policy  output of xen-cpuid -p on the host that shall restore
                                         --xen            version of Xen there; that which saved if not given
  xenscope mem IMAGE --pfn|--gpa|--va ADDRESS [--vcpu N] [--length N] [--raw] [--symbols FILE | --own-symbols]
                                       the guest's memory as a hex dump; exit code 1 if none of it is in the image
                                         --va      with symbols also a name: do_syscall_64+0x7b
                                         --vcpu    VCPU whose page tables count, the first if not given
                                         --length  bytes: 256 if not given, a page with --pfn
                                         --raw     the bytes as they are; none, and exit code 1, unless all are there
  xenscope walk IMAGE --va ADDRESS [--vcpu N] [--symbols FILE | --own-symbols] [--json]
                                       how an address is found, table by table; exit code 1 if it leads to no bytes
  xenscope export IMAGE WHAT -o FILE   writes a part of the image, or the guest, to a file (- is stdout); WHAT is one of
                                         --elf            the guest as core file of xl dump-core, for crash, gdb, Volatility
                                                          [--machine-frames: a PV guest with those of its host]
                                         --raw            its physical memory, with holes
                                         --blank          the image for sharing: page contents replaced
                                                          [--scrub registers,config: these too]
                                         --record N       the body of a record
                                         --range OFF,LEN  bytes of the file
                                         --pfns A-B       pages
  xenscope code IMAGE [--vcpu N] [--symbols FILE | --own-symbols] [--json]
                                       instructions at rip, stack and call trace of each VCPU
                                         --symbols      System.map or vmlinux of the guest's kernel
                                         --own-symbols  those that a Linux kernel carries with it
  xenscope dmesg IMAGE [--symbols FILE] [--json]
                                       the kernel log of a Linux guest
  xenscope search IMAGE PATTERN [--hex|--text|--utf16|--regex|--int N] [--in memory|records|file]
                   [--symbols FILE | --own-symbols] [--json]
                                       where the guest's memory has these bytes; exit code 1 if nowhere;
                                       with symbols also where its kernel has them, and their names
                                         --hex          4d 5a ?? 0?: ? is any digit; the kind is guessed if not given
                                         --regex        on bytes; . is any but a newline, [\\s\\S] any
                                         --int          an integer of 1, 2, 4 or 8 bytes
                                         --big-endian   an integer, or UTF-16, highest byte first
                                         --ignore-case  letters stand for both cases
                                         --all          also in copies of pages that newer ones have replaced
                                         --limit        ends after so many hits, 10000 if not given
  xenscope --help`;
