/** What a server must answer: an id with an error's number or `result`; a list of such for a batch; nothing. */
export type Expected = Answer | Answer[] | 'nothing';
export type Answer = { id: string | number | null; is: number | 'result' };

const ASK =
  '"method":"preview_schedule","params":{"schedule":{"type":"daily","time":"09:00","timezone":"UTC"}}';
const PARSE = -32700;
const INVALID = -32600;
const UNKNOWN = -32601;
const PARAMS = -32602;

function request(members: string): string {
  return `{"jsonrpc":"2.0",${members}}`;
}

function answered(id: Answer['id'], is: Answer['is'] = 'result'): Answer {
  return { id, is };
}

/**
 * The cases that the JSON-RPC 2.0 specification speaks of (its sections 4 to 7, all the examples of 7 among them), and
 * those that servers are known to get wrong.
 */
export const EDGE_CASES: readonly (readonly [what: string, message: string, expected: Expected])[] = [
  ['a request', request(`${ASK},"id":1`), answered(1)],
  ['a text as id', request(`${ASK},"id":"x"`), answered('x')],
  ['an empty text as id', request(`${ASK},"id":""`), answered('')],
  ['0 as id', request(`${ASK},"id":0`), answered(0)],
  ['a negative id', request(`${ASK},"id":-7`), answered(-7)],
  ['a fraction as id', request(`${ASK},"id":1.5`), answered(1.5)],
  ['null as id, which makes no notification', request(`${ASK},"id":null`), answered(null)],
  ['an id that no number holds', request(`${ASK},"id":9007199254740993`), answered(null, INVALID)],
  ['an endless id', request(`${ASK},"id":1e999`), answered(null, INVALID)],
  ['true as id', request(`${ASK},"id":true`), answered(null, INVALID)],
  ['an object as id', request(`${ASK},"id":{}`), answered(null, INVALID)],
  ['a list as id', request(`${ASK},"id":[1]`), answered(null, INVALID)],
  ['members in another order', `{"id":2,${ASK},"jsonrpc":"2.0"}`, answered(2)],
  ['a member that nobody knows', request(`${ASK},"id":3,"extra":true`), answered(3)],
  ['blanks around and within', `  { "jsonrpc" : "2.0" , "id" : 4 , ${ASK} } \t`, answered(4)],
  [
    'escapes',
    request(`${ASK.replace('preview', '\\u0070review')},"id":"\\ud83d\\udcda ü"`),
    answered('📚 ü'),
  ],

  ['a notification', request(ASK), 'nothing'],
  ['a notification of an unknown method', request('"method":"nope"'), 'nothing'],
  ['a notification that fails', request('"method":"get_job","params":{"job_id":"nope"}'), 'nothing'],
  ['a notification with bad params', request('"method":"get_job","params":[1]'), 'nothing'],
  ['a notification that editors send', request('"method":"$/cancelRequest","params":{"id":1}'), 'nothing'],

  ['an unknown method', request('"method":"foobar","id":"1"'), answered('1', UNKNOWN)],
  ['an empty method', request('"method":"","id":1'), answered(1, UNKNOWN)],
  ['a method that every object has', request('"method":"toString","id":1'), answered(1, UNKNOWN)],
  ['a method called __proto__', request('"method":"__proto__","id":1'), answered(1, UNKNOWN)],
  ['a method called constructor', request('"method":"constructor","id":1'), answered(1, UNKNOWN)],
  ['a method in other letters', request('"method":"List_Jobs","id":1'), answered(1, UNKNOWN)],
  [
    'a method that the specification reserves',
    request('"method":"rpc.listMethods","id":1'),
    answered(1, UNKNOWN),
  ],
  ['a method of MCP', request('"method":"initialize","params":{},"id":1'), answered(1, UNKNOWN)],

  ['no params', request('"method":"list_configs","id":1'), answered(1)],
  ['empty params', request('"method":"list_configs","params":{},"id":1'), answered(1)],
  ['an empty list of params', request('"method":"list_configs","params":[],"id":1'), answered(1)],
  ['params by position', request('"method":"get_job","params":["x"],"id":1'), answered(1, PARAMS)],
  ['params that are missing', request('"method":"get_job","id":1'), answered(1, PARAMS)],
  [
    'params that nobody knows',
    request('"method":"list_jobs","params":{"nope":1},"id":1'),
    answered(1, PARAMS),
  ],
  [
    'params called __proto__',
    request('"method":"list_jobs","params":{"__proto__":{}},"id":1'),
    answered(1, PARAMS),
  ],
  ['params of another type', request('"method":"get_job","params":{"job_id":7},"id":1'), answered(1, PARAMS)],
  ['params for subscribe', request('"method":"subscribe","params":{"all":true},"id":1'), answered(1, PARAMS)],
  ['a text for params', request('"method":"list_jobs","params":"bar","id":1'), answered(1, INVALID)],
  ['a number for params', request('"method":"list_jobs","params":0,"id":1'), answered(1, INVALID)],
  // As Emacs sends nil.
  ['null for params', request('"method":"list_jobs","params":null,"id":1'), answered(1)],
  [
    'null for params that are needed',
    request('"method":"get_job","params":null,"id":1'),
    answered(1, PARAMS),
  ],
  ['null for params of subscribe', request('"method":"subscribe","params":null,"id":1'), answered(1)],
  [
    'a field called __proto__ within params',
    request('"method":"preview_schedule","params":{"schedule":{"type":"hourly","__proto__":{}}},"id":1'),
    answered(1, PARAMS),
  ],
  [
    'a field called __proto__ where any name may stand',
    request(
      '"method":"update_job","params":{"job_id":"x","changes":{"expect":{"min_fill_percent":{"__proto__":1}}}},"id":1',
    ),
    answered(1, PARAMS),
  ],
  [
    'a job that is not there',
    request('"method":"get_job","params":{"job_id":"no"},"id":1'),
    answered(1, -32001),
  ],

  ['a number for a method', request('"method":1,"params":"bar"'), answered(null, INVALID)],
  ['a number for a method, with an id', request('"method":1,"id":9'), answered(9, INVALID)],
  ['no method', request('"id":1'), answered(1, INVALID)],
  ['an old version', `{"jsonrpc":"1.0",${ASK},"id":1}`, answered(1, INVALID)],
  ['a number for the version', `{"jsonrpc":2.0,${ASK},"id":1}`, answered(1, INVALID)],
  ['no version', `{${ASK},"id":1}`, answered(1, INVALID)],
  ['no version in what looks like a notification', `{${ASK}}`, answered(null, INVALID)],
  ['a response', request('"result":1,"id":1'), answered(null, INVALID)],
  ['an error response', request('"error":{"code":1,"message":""},"id":1'), answered(null, INVALID)],
  ['an empty object', '{}', answered(null, INVALID)],
  ['a number', '1', answered(null, INVALID)],
  ['a text', '"x"', answered(null, INVALID)],
  ['null', 'null', answered(null, INVALID)],
  ['false', 'false', answered(null, INVALID)],

  ['what is no JSON', '{"jsonrpc":"2.0","method":"foobar, "params":"bar","baz]', answered(null, PARSE)],
  ['half of a request', '{"jsonrpc":"2.0","id":7,"method":', answered(null, PARSE)],
  ['two requests in one', `${request(`${ASK},"id":1`)} ${request(`${ASK},"id":2`)}`, answered(null, PARSE)],
  ['words', 'hello', answered(null, PARSE)],
  ['NaN', 'NaN', answered(null, PARSE)],
  ['a comma too many', '[1,]', answered(null, PARSE)],
  ['brackets without end', '['.repeat(100_000), answered(null, PARSE)],

  ['an empty batch', '[]', answered(null, INVALID)],
  ['a batch of a number', '[1]', [answered(null, INVALID)]],
  [
    'a batch of numbers',
    '[1,2,3]',
    [answered(null, INVALID), answered(null, INVALID), answered(null, INVALID)],
  ],
  ['a batch of one', `[${request(`${ASK},"id":1`)}]`, [answered(1)]],
  ['a batch within a batch', `[[${request(`${ASK},"id":1`)}]]`, [answered(null, INVALID)]],
  [
    'a batch of everything',
    `[${[
      request(`${ASK},"id":"1"`),
      request(ASK),
      request('"method":"list_jobs","params":[42,23],"id":"2"'),
      '{"foo":"boo"}',
      request('"method":"foo.get","params":{"name":"myself"},"id":"5"'),
      request(`${ASK},"id":"9"`),
    ].join(',')}]`,
    [answered('1'), answered('2', PARAMS), answered(null, INVALID), answered('5', UNKNOWN), answered('9')],
  ],
  ['a batch of notifications', `[${request(ASK)},${request('"method":"nope"')}]`, 'nothing'],
  [
    'the same id twice',
    `[${request(`${ASK},"id":1`)},${request(`${ASK},"id":1`)}]`,
    [answered(1), answered(1)],
  ],
  [
    'a batch that is no JSON',
    `[${request(`${ASK},"id":"1"`)},{"jsonrpc":"2.0","method"]`,
    answered(null, PARSE),
  ],
  [
    'a batch of 101',
    `[${Array(101)
      .fill(request(`${ASK},"id":1`))
      .join(',')}]`,
    answered(null, INVALID),
  ],
];
