/** How the display of a guest is shown. Source: libxl_types.idl, libxl_vnc_info and its neighbours. */
import { defbool, enumOf, int, string, struct } from './idl';

export const VGA_INTERFACE_INFO = struct({
  kind: enumOf({ name: 'unknown', from: 407 }, 'cirrus', 'std', 'none', 'qxl'),
});

export const VNC_INFO = struct({
  enable: defbool,
  listen: string,
  passwd: string,
  display: int,
  findunused: defbool,
});

export const SDL_INFO = struct({
  enable: defbool,
  opengl: defbool,
  display: string,
  xauthority: string,
});

export const SPICE_INFO = struct({
  enable: defbool,
  port: int,
  tls_port: int,
  host: string,
  disable_ticketing: defbool,
  passwd: string,
  agent_mouse: defbool,
  vdagent: defbool,
  clipboard_sharing: defbool,
  usbredirection: int,
  image_compression: string,
  streaming_video: string,
});
