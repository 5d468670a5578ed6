/* Dialects of pasted text, and how they are recognised by their first bytes. */
#ifndef CNN_PASTE_RECOGNISE_H
#define CNN_PASTE_RECOGNISE_H

#include "paste/paste.h"

typedef struct cnn_dialect {
    const char *name;
    const char *what;
    bool (*looks)(cnn_text text); /* at its first byte that is neither blank nor decoration */
    bool (*read)(cnn_paster *p);
} cnn_dialect;

extern const cnn_dialect cnn_dialects[];
extern const size_t cnn_dialect_count;

/* The dialect of that name, or of the text; NULL: it is a list of our language, or `err` says that
 * there is none of that name. */
const cnn_dialect *cnn_dialect_choose(cnn_text text, cnn_text from, cnn_error *err);

bool cnn_dialect_read_python(cnn_paster *p);
bool cnn_dialect_read_summary(cnn_paster *p);

#endif
