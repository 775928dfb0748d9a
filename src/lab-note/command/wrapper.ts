import { isSubjectCall, takesNamesOnly } from './programs.ts';

/** Wrappers with the options that take a word of their own, and how many words they have before the command. */
const wrappers: Readonly<Record<string, { readonly valued: RegExp; readonly operands: number }>> = {
  sudo: { valued: /^-[ugpCDhrtT]$/, operands: 0 },
  doas: { valued: /^-[uC]$/, operands: 0 },
  nohup: { valued: /^$/, operands: 0 },
  time: { valued: /^-[fo]$/, operands: 0 },
  stdbuf: { valued: /^-[ioe]$/, operands: 0 },
  nice: { valued: /^-n$/, operands: 0 },
  ionice: { valued: /^-[cn]$/, operands: 0 },
  setsid: { valued: /^$/, operands: 0 },
  exec: { valued: /^-a$/, operands: 0 },
  env: { valued: /^-[uC]$/, operands: 0 },
  numactl: { valued: /^-[NCmpi]$/, operands: 0 },
  nsenter: { valued: /^-[tSG]$/, operands: 0 },
  chrt: { valued: /^-[TPD]$/, operands: 1 },
  taskset: { valued: /^$/, operands: 1 },
  timeout: { valued: /^-[ks]$/, operands: 1 },
};

const assignment = /^([A-Za-z_]\w{0,60})=(.*)$/s;

/** How many words the wrapper at `start` has; 0 where there is none. */
function wrapperLength(words: readonly string[], start: number): number {
  if (words[start] === 'ip' && words[start + 1] === 'netns' && words[start + 2] === 'exec') return 4;
  const wrapper = Object.hasOwn(wrappers, words[start] ?? '') ? wrappers[words[start] ?? ''] : undefined;
  if (wrapper === undefined) return 0;
  let place = start + 1;
  for (; words[place]?.startsWith('-') === true; place += 1) {
    if (words[place] === '--') {
      place += 1;
      break;
    }
    if (wrapper.valued.test(words[place] ?? '')) place += 1;
  }
  return place + wrapper.operands - start;
}

export interface Unwrapped {
  readonly argv: readonly string[];
  readonly wrappers: readonly (readonly string[])[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
}

/** Works on an image that is named like a program. */
function isOfImages([first = '', second = '']: readonly string[]): boolean {
  return (
    /^(?:docker|podman|nerdctl)$/.test(first) &&
    /^(?:pull|build|push|images?|rmi?|tag|inspect|logs|stop|save|load)$/.test(second)
  );
}

/** Place of the first word that calls a program that notes are about, behind words of wrappers that are not known (`kubectl exec POD --`, `docker run IMAGE`). */
function innerCall(argv: readonly string[]): number {
  const [first = ''] = argv;
  if (first === 'ssh' || isSubjectCall(first, argv[1]) || takesNamesOnly(first) || isOfImages(argv)) return 0;
  return Math.max(
    0,
    argv.findIndex((word, place) => isSubjectCall(word, argv[place + 1])),
  );
}

/** Tells the program of a simple command from what stands before it. */
export function unwrap(words: readonly string[]): Unwrapped {
  const environment: { name: string; value: string }[] = [];
  const around: (readonly string[])[] = [];
  let place = 0;
  while (place < words.length) {
    const match = assignment.exec(words[place] ?? '');
    const length = match === null ? wrapperLength(words, place) : 1;
    if (length === 0) break;
    if (match !== null) environment.push({ name: match[1] ?? '', value: match[2] ?? '' });
    else around.push(words.slice(place, place + length));
    place += length;
  }
  const rest = words.slice(place);
  const inner = innerCall(rest);
  if (inner > 0) around.push(rest.slice(0, inner));
  return { argv: rest.slice(inner), wrappers: around, environment };
}

const firstWord =
  /^(?:[A-Za-z_]\w{0,60}=|(?:sudo|doas|nohup|time|stdbuf|nice|ionice|setsid|exec|env|numactl|nsenter|chrt|taskset|timeout|ip netns exec|ssh|for|while|until|do|if|then|bash|sh|su|docker|podman|kubectl|oc|lxc|nerdctl|crictl|vagrant|watch|parallel|systemd-run|cgexec|unshare|tmux|screen|virtctl|minikube|multipass|cd|echo|set|export)\s)/;

/** The text begins with words that stand before a command. */
export function beginsWithWrapper(text: string): boolean {
  return firstWord.test(text);
}
