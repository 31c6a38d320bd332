/**
 * What `xl migrate` sends behind the stream once the receiver has restored it, without its closing NUL. Source:
 * tools/xl/xl_migrate.c (migrate_permission_to_go).
 */
export const GO_AHEAD = 'domain is yours, you are cleared to unpause';
