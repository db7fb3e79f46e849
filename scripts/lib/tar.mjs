// A tar archive in memory, for the Engine's way of putting files into a container.

const block = 512;

function header(name, size, mode) {
  const buffer = Buffer.alloc(block);
  const octal = (value, at, length) => buffer.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at, "latin1");
  if (Buffer.byteLength(name) > 99) throw new Error(`The name ${name} is too long for this archive.`);
  buffer.write(name, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  buffer.write("        ", 148);
  buffer.write("0", 156);
  buffer.write("ustar\x0000", 257, "latin1");
  // The checksum counts its own field as spaces.
  octal(buffer.reduce((sum, byte) => sum + byte, 0), 148, 7);
  return buffer;
}

/** Files as one archive: `[{ name, content, mode }]`. */
export function tar(files) {
  const parts = files.flatMap(({ name, content, mode = 0o644 }) => {
    const body = Buffer.from(content);
    return [header(name, body.length, mode), body, Buffer.alloc((block - (body.length % block)) % block)];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}
