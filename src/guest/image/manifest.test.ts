import { describe, expect, it } from 'vitest';
import { sampleManifest } from '../../../test/sample/image.ts';
import { type ImageInputs, imageId, imageManifest } from './manifest.ts';

const manifest = sampleManifest();

describe('imageManifest', () => {
  it('takes what a build writes', () => {
    expect(imageManifest.parse(JSON.parse(JSON.stringify(manifest)))).toEqual(manifest);
  });

  it.each([
    ['an unknown key', { ...manifest, builtAt: 'today' }],
    ['an unknown key within', { ...manifest, kernel: { ...manifest.kernel, colour: 'red' } }],
    ['a part that is missing', { ...manifest, parts: { bzImage: manifest.parts.bzImage } }],
    ['a sha256 that is none', { ...manifest, inputs: { ...manifest.inputs, initScriptSha256: 'abc' } }],
    ['another schema version', { ...manifest, schemaVersion: 2 }],
  ])('refuses %s', (_, changed) => {
    expect(imageManifest.safeParse(changed).success).toBe(false);
  });
});

describe('imageId', () => {
  const { inputs } = manifest;
  const other = 'f'.repeat(64);

  it('is 16 hex digits', () => {
    expect(imageId(inputs)).toMatch(/^[0-9a-f]{16}$/);
  });

  it('does not depend on the order of keys', () => {
    const reversed = Object.fromEntries(Object.entries(inputs).reverse()) as ImageInputs;
    expect(imageId(reversed)).toBe(imageId(inputs));
  });

  it.each([
    ['the recipe', { ...inputs, recipeVersion: inputs.recipeVersion + 1 }],
    ['the kernel package', { ...inputs, kernelPackage: { ...inputs.kernelPackage, sha256: other } }],
    ['/init', { ...inputs, initScriptSha256: other }],
    ['a program', { ...inputs, hostFiles: inputs.hostFiles.map((file) => ({ ...file, sha256: other })) }],
    ['the set of files', { ...inputs, hostFiles: [] }],
  ])('changes with %s', (_, changed) => {
    expect(imageId(changed)).not.toBe(imageId(inputs));
  });
});
