/** HVM_PARAMS: parameters of an HVM guest. Source: libxc-migration-stream.pandoc, public/hvm/params.h. */
import { hex0x } from '../../lib/text';
import { fieldsOf } from '../kit/fields';
import { array, struct, u32, u64 } from '../kit/layout';
import { HVM_PARAM_NAMES, hvmParamOptions } from './hvm-param-table';

/** One parameter of an HVM guest. */
export const HVM_PARAM = struct(
  'hvm_param',
  {
    index: u64({ names: HVM_PARAM_NAMES, doc: 'Which parameter (HVM_PARAM_*).' }),
    value: u64({ display: 'hex', doc: 'Its value.', refine: ({ index }) => hvmParamOptions(Number(index)) }),
  },
  {
    source: 'xen/include/public/hvm/params.h',
    summary: ({ index, value }) =>
      index === undefined || value === undefined
        ? undefined
        : `${HVM_PARAM_NAMES[Number(index)] ?? `parameter ${index}`} = ${hex0x(value)}`,
  },
);

export const HVM_PARAMS = struct(
  'HVM_PARAMS',
  {
    count: u32({ doc: 'Number of parameters.' }),
    reserved: u32({ reserved: true, display: 'hex', mustBe: 0, doc: 'Reserved, 0; restore ignores it.' }),
    param: array(HVM_PARAM, (before) => Number(before['count']), { doc: 'The parameters that are not 0.' }),
  },
  { source: 'docs/specs/libxc-migration-stream.pandoc (HVM_PARAMS)' },
);

/** Bytes of an HVM_PARAMS record in front of its first parameter. */
export const HVM_PARAMS_HEADER_SIZE = fieldsOf(HVM_PARAMS)('count', 'reserved').length;
