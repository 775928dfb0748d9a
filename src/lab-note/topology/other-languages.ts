/** The words for a guest and its host in other languages, and what stands before them, in English. */

const guest = String.raw`(?:(?:VM|MV|ВМ)(?!\p{L})|(?:máquinas?|maquinas?) virtua(?:l|les|is)|machines? virtuelles?|(?:virtuelle[nr]? maschine|gast(?:system)?)(?:n|s|es)?(?!\p{L})|macchin[ae] virtual[ei]|maszyn[aęy] wirtualn\p{L}{1,3}|huésped|invitado|invité|convidado|虚拟机|虛擬機|客户机|仮想マシン|ゲスト|가상 ?머신|게스트|máy ảo|sanal makine)`;
const host = String.raw`(?:anfitrión|anfitriona|anfitrião|hospedeiro|hôte|wirt(?:system)?(?!\p{L})|宿主机|宿主機|物理机|物理機|ホスト|호스트|máy vật lý|host(?![\p{L}\w]))`;
const end = `(?:${guest}|${host})`;
const article = String.raw`(?:(?:la|el|las|los|le|les|un|une|una|o|a|os|as|il|lo|der|die|das|dem|den|des|einem?r?) |l['’])?`;

interface Word {
  readonly said: RegExp;
  readonly means: string;
}

function before(words: string, means: string): Word {
  return {
    said: new RegExp(String.raw`(?<!\p{L})(?:${words})\s+${article}(?=${end})`, 'giu'),
    means: `${means} `,
  };
}

const words: readonly Word[] = [
  before(String.raw`en|sur|dans|auf|im|in|na|no|nel|nella|sulla?|trên`, 'on the'),
  before(String.raw`desde|depuis|de|del|du|da|do|vom|von|aus|dalla?|từ`, 'from the'),
  before(String.raw`hacia|al?|vers|à|para|zum?r?|nach|alla?|đến|tới`, 'to the'),
  before(String.raw`entre|zwischen|między|tra|giữa`, 'between the'),
  { said: new RegExp(String.raw`[在]\s?(?=${end})`, 'gu'), means: ' on the ' },
  { said: new RegExp(String.raw`[从從由]\s?(?=${end})`, 'gu'), means: ' from the ' },
  { said: new RegExp(String.raw`[到至]\s?(?=${end})`, 'gu'), means: ' to the ' },
  { said: /(?<!\p{L})на хосте(?!\p{L})/giu, means: 'on the host' },
  { said: /(?<!\p{L})(?:на|к) хосту?(?!\p{L})/giu, means: 'to the host' },
  { said: /(?<!\p{L})(?:с|от) хоста(?!\p{L})/giu, means: 'from the host' },
  { said: /(?<!\p{L})(?:на|в) (?:виртуалке|виртуальной машине|гостевой системе)(?!\p{L})/giu, means: 'on the guest' },
  { said: /(?<!\p{L})(?:на|в) (?:виртуалку|виртуальную машину)(?!\p{L})/giu, means: 'to the guest' },
  { said: /(?<!\p{L})(?:с|из) (?:виртуалки|виртуальной машины)(?!\p{L})/giu, means: 'from the guest' },
  { said: new RegExp(String.raw`(?<!\p{L})${guest}`, 'giu'), means: ' guest ' },
  { said: new RegExp(String.raw`(?<!\p{L})${host}`, 'giu'), means: ' host ' },
];

/** `VM` is English, too, and `host` German: a word before them, or of theirs, tells the language. */
const isForeign = new RegExp(
  String.raw`[^\0-\x7f]|(?<!\p{L})(?:MV|maquinas? virtua|machines? virtuelle|virtuelle[nr]? maschine|gast|wirt|macchin[ae] virtual|hospedeiro|invitado|convidado|sanal makine)|(?<!\p{L})(?:en|sur|dans|depuis|desde|auf|im|vom|zum|vers|na|no|nel)\s+${article}(?:vm|host)(?!\p{L})`,
  'iu',
);
const anyEnd = new RegExp(`${end}|хост|виртуал|гостев`, 'iu');

/** `between two VMs`. */
const betweenGuests =
  /zwischen (?:zwei |2 |(?:den )?beiden |den zwei )(?:virtuellen maschinen|vms)(?!\p{L})|между (?:двумя |2 )?(?:вм|виртуалками|виртуальными машинами)(?!\p{L})|entre (?:les )?(?:deux|2) (?:machines virtuelles|vms?)(?!\p{L})|entre (?:las )?(?:dos|2) (?:máquinas virtuales|vms?)(?!\p{L})|[两兩2]\s?[台个個]\s?(?:虚拟机|虛擬機|vm)\s?(?:之[间間]|[间間])/giu;

/** Running text with the two ends named in English, where it names them in another language; else as it stands. */
export function withEnglishEnds(whole: string): string {
  const text = whole.replace(betweenGuests, 'between two VMs');
  if (!isForeign.test(text) || !anyEnd.test(text)) return text;
  const said = words.reduce((sofar, { said: pattern, means }) => sofar.replace(pattern, means), text);
  return said.replace(/ {2,}/g, ' ').trim();
}
