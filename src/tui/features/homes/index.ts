import { defineFeature, listKeys } from '../define-feature.ts';
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
      footer: (_, { listing }) => listKeys((listing?.homes.length ?? 0) > 0, { key: 'Enter', word: 'open' }),
    },
  },
  actions: homesActions,
  effects: {
    read_homes: readHomes,
    open_home: ({ home }, { openHome }) => openHome(home),
  },
});
