import type { ServerCommand, WorkloadPlace } from '../workload.ts';
import type { HttpSpec } from './record.ts';

export const port = 8080;
/** Path of the file that is asked for. */
export const bodyPath = '/body';

/**
 * nginx.org/en/docs: what would end a connection by itself is out of reach (keepalive_requests is 1000 by default), nothing is written for a request, and the
 * file stays open, as its size and time would else be asked for each time. `backlog`: all connections may come at once. The folders are for bodies of
 * requests, of which there are none; their defaults are on the disk, in folders of the package.
 */
function configuration({ workers, connections }: HttpSpec, serverAddress: string): string {
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path tmp;`);
  // Connections that are being closed count, too.
  const most = 2 * connections + 64;
  return [
    'daemon off; user root; pid nginx.pid; error_log stderr crit;',
    `worker_processes ${String(workers)}; worker_rlimit_nofile ${String(2 * most)};`,
    `events { worker_connections ${String(most)}; }`,
    'http { access_log off; sendfile on; tcp_nopush on; open_file_cache max=8;',
    'keepalive_requests 4000000000; keepalive_timeout 1d; keepalive_time 1d;',
    ...folders,
    `server { listen ${serverAddress}:${String(port)} backlog=1024; root .; } }`,
  ].join(' ');
}

/** $1: the configuration, $2: bytes of the body. A guest has no users, and nginx wants to know root by name. On one line: a guest is told no other. */
const script = [
  '[ -e /etc/passwd ] || echo root:x:0:0::/: >/etc/passwd; [ -e /etc/group ] || echo root:x:0: >/etc/group;',
  'folder=$(mktemp -d "${TMPDIR:-/tmp}/nginx.XXXXXX") && cd "$folder" && echo "$1" >nginx.conf &&',
  `truncate -s "$2" .${bodyPath} && exec nginx -e stderr -p "$folder" -c "$folder/nginx.conf" 2>&1`,
].join(' ');

export function server(spec: HttpSpec, { serverAddress }: WorkloadPlace): ServerCommand {
  return {
    argv: ['sh', '-c', script, 'nginx', configuration(spec, serverAddress), String(spec.responseBytes)],
    env: {},
    ready: { protocol: 'tcp', port },
  };
}
