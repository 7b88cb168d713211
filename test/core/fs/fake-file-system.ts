import { type FileSystem, nodeFileSystem } from '../../../src/core/fs/atomic-file.ts';

/**
 * The system's calls, telling of each one before it begins and after it has ended. Between the two, and until the next
 * call, a writer waits: there other programs can act. Only between the last look at a file and its renaming they
 * cannot, so the beginning of a rename is not told.
 */
export class FakeFileSystem implements FileSystem {
  tell: (moment: string) => void = () => {};

  async open(path: string, flags: string, mode: number) {
    const what = flags === 'r' ? 'folder' : 'file';
    const handle = await this.#step(`open ${what}`, () => nodeFileSystem.open(path, flags, mode));
    return {
      chmod: (to: number) => this.#step('chmod', () => handle.chmod(to)),
      writeFile: (data: string | Uint8Array) => this.#step('write', () => handle.writeFile(data)),
      sync: () => this.#step(`sync ${what}`, () => handle.sync()),
      close: () => this.#step(`close ${what}`, () => handle.close()),
    };
  }

  async rename(from: string, to: string): Promise<void> {
    await nodeFileSystem.rename(from, to);
    this.tell('after rename');
  }

  async remove(path: string): Promise<void> {
    await this.#step('remove', () => nodeFileSystem.remove(path));
  }

  async #step<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.tell(`before ${name}`);
    const result = await work();
    this.tell(`after ${name}`);
    return result;
  }
}
