/** Who talks to whom, as headings, running text and comments say it. */
export type NotedTopology = 'vm-to-host' | 'host-to-vm' | 'vm-to-vm' | 'host-to-host';
