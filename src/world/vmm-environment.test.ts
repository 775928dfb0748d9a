import { expect, it } from 'vitest';
import { unneededVariables } from './vmm-environment.ts';

it('a VMM gets no variable but those that it may need', () => {
  const environment = {
    PATH: '/bin',
    LC_ALL: 'C',
    LD_LIBRARY_PATH: '/lib',
    GITHUB_TOKEN: 'a',
    AWS_SECRET_KEY: 'b',
    MY_PATH: 'c',
  };
  expect(unneededVariables(environment)).toEqual({
    GITHUB_TOKEN: undefined,
    AWS_SECRET_KEY: undefined,
    MY_PATH: undefined,
  });
});
