/** Images that were made for sharing: what cannot be told of them. */
import type { Blanked } from '../../scan/image';
import type { Rule } from '../kit/rule';

export const BLANKED_RULES: readonly Rule<Blanked>[] = [
  {
    id: 'SH-01',
    layer: 'spec',
    severity: 'note',
    title: 'the page contents of this image were blanked before it was shared: what depends on them is not tested',
    explain:
      'Page tables, start_info, the P2M and pages sent again hold a text in place of what they held. All else is tested, so the verdict is that of the image it was made from; this image itself must not be restored.',
    advice: 'If a restore of the original fails anyway, let its owner check it.',
    source: 'Xenscope: xenscope export --blank',
    when: ({ pages }) => pages,
  },
  {
    id: 'SH-02',
    layer: 'spec',
    severity: 'warning',
    title:
      'registers, configuration or records that make no sense were filled before this image was shared: whether it would restore cannot be told',
    explain:
      'Nearly all that a restore tests is in what was taken out. Records, their order and their sizes are those of the original.',
    advice: 'Ask for the image without scrubbing, or for what xenscope check says of the original.',
    source: 'Xenscope: xenscope export --blank',
    when: ({ registers, config, records }) => {
      const scrubbed = [registers ? 'registers' : '', config ? 'configuration' : ''].filter(Boolean).join(' and ');
      const taken = [
        ...(scrubbed === '' ? [] : [`${scrubbed} were scrubbed`]),
        ...(records === true ? ['records that make no sense were filled'] : []),
      ];
      return (
        taken.length > 0 && {
          message: `${taken.join(', and ')} before this image was shared: whether it would restore cannot be told`,
        }
      );
    },
  },
];
