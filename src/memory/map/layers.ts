/** The layers of the page map. A new one is an entry here; one that is not of the page index needs a source as well. */
import { PASS_LAYER, RECORD_LAYER } from './band-layers';
import { CONTENT_LAYER } from './content-layer';
import { FINDINGS_LAYER } from './findings-layer';
import type { LayerId, MapLayer } from './layer';
import { ROLE_LAYER } from './role-layer';
import { PRESENCE_LAYER, SENDS_LAYER } from './sent-layers';
import { TYPE_LAYER } from './type-layer';

export const LAYERS: readonly MapLayer[] = [
  TYPE_LAYER,
  SENDS_LAYER,
  CONTENT_LAYER,
  FINDINGS_LAYER,
  PRESENCE_LAYER,
  PASS_LAYER,
  RECORD_LAYER,
  ROLE_LAYER,
];

const byId = new Map(LAYERS.map((layer) => [layer.id, layer]));

/** Returns the layer of an id. */
export const layerOf = (id: LayerId): MapLayer => byId.get(id) ?? TYPE_LAYER;

/** Tells whether a text is the id of a layer. */
export const isLayer = (text: string | null): text is LayerId => LAYERS.some(({ id }) => id === text);
