/**
 * @typedef {object} Request what a program of this folder gets, as JSON in its first argument
 * @property {{command: string, args: string[]}} server how to start the MCP server
 * @property {{name: string, arguments: object}[]} calls the tools that the stand-in for a model calls, one after the other
 * @property {string} folder an empty one, for what the program keeps
 *
 * @typedef {object} Conversation what the stand-in received, in the words of {@link Block}
 * @property {string} system what it was told before the first question, apart from tools
 * @property {{name: string, description?: string, schema: object}[]} tools
 * @property {Block[][]} results of each call
 *
 * @typedef {{type: 'text', text: string} | {type: 'image', data: string}} Block a text as the model reads it, or a picture in Base64
 */

/**
 * Has one conversation and prints it.
 * @param {(request: Request) => Promise<Conversation>} converse
 */
export async function printConversation(converse) {
  const conversation = await converse(JSON.parse(process.argv[2] ?? ''));
  process.stdout.write(JSON.stringify(conversation), () => process.exit());
}
