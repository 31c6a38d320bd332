/** Error numbers as they show in the logs of libxc: Linux numbers and texts, which Xen's own follow. */

const TEXTS: Readonly<Record<number, string>> = {
  0: 'Success',
  1: 'Operation not permitted',
  2: 'No such file or directory',
  3: 'No such process',
  5: 'Input/output error',
  6: 'No such device or address',
  7: 'Argument list too long',
  12: 'Cannot allocate memory',
  16: 'Device or resource busy',
  17: 'File exists',
  19: 'No such device',
  22: 'Invalid argument',
  33: 'Numerical argument out of domain',
  34: 'Numerical result out of range',
  61: 'No data available',
  75: 'Value too large for defined data type',
  95: 'Operation not supported',
};

/** The tail that libxc puts behind a message: ` (22 = Invalid argument)`. */
export const errnoTail = (errno: number): string => ` (${errno} = ${TEXTS[errno] ?? `Unknown error ${errno}`})`;
