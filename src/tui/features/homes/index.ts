import { CHOOSE, CLOSE, defineFeature } from '../define-feature.ts';
import { homesActions } from './actions.ts';
import { HomesDialog, homesRules } from './homes-dialog.tsx';
import { readHomes } from './read-homes.ts';
import { homesReducer } from './reducer.ts';

export const homes = defineFeature({
  reducers: [homesReducer],
  dialogs: {
    homes: {
      ...homesRules,
      Component: HomesDialog,
      footer: [{ key: 'Enter', word: 'open' }, CHOOSE, CLOSE],
    },
  },
  actions: homesActions,
  effects: {
    read_homes: readHomes,
    open_home: ({ home }, { openHome }) => openHome(home),
  },
});
