/** Error numbers as they show in the logs of libxc. */
import { Errno } from '../../format/errno';

const TEXTS: Readonly<Record<number, string>> = {
  0: 'Success',
  [Errno.EPERM]: 'Operation not permitted',
  [Errno.ENOENT]: 'No such file or directory',
  [Errno.ESRCH]: 'No such process',
  [Errno.EIO]: 'Input/output error',
  [Errno.ENXIO]: 'No such device or address',
  [Errno.E2BIG]: 'Argument list too long',
  [Errno.ENOMEM]: 'Cannot allocate memory',
  [Errno.EBUSY]: 'Device or resource busy',
  [Errno.EEXIST]: 'File exists',
  [Errno.ENODEV]: 'No such device',
  [Errno.EINVAL]: 'Invalid argument',
  [Errno.EDOM]: 'Numerical argument out of domain',
  [Errno.ERANGE]: 'Numerical result out of range',
  [Errno.ENODATA]: 'No data available',
  [Errno.EOVERFLOW]: 'Value too large for defined data type',
  [Errno.EOPNOTSUPP]: 'Operation not supported',
};

/** Returns the tail that libxc puts behind a message: ` (22 = Invalid argument)`. */
export const errnoTail = (errno: number): string => ` (${errno} = ${TEXTS[errno] ?? `Unknown error ${errno}`})`;
