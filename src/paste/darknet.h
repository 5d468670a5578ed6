/* Darknet's .cfg files: sections of keys and values. */
#ifndef CNN_PASTE_DARKNET_H
#define CNN_PASTE_DARKNET_H

#include "paste/root.h"

typedef struct cnn_section {
    cnn_text name;
    cnn_text body; /* its lines */
    cnn_span span;
} cnn_section;

typedef struct cnn_darknet {
    cnn_paster *p;
    cnn_tensor **made; /* what each cnn_section after the first gives */
    int32_t count, room;
    cnn_tensor *at;
} cnn_darknet;

/* The value of a key in a section; empty: none. */
cnn_text cnn_darknet_value(const cnn_section *s, const char *key);
bool cnn_darknet_int(cnn_paster *p, cnn_text text, int64_t *out);
bool cnn_darknet_number(cnn_paster *p, const cnn_section *s, const char *key, int64_t standard,
                        int64_t *out);

/* Adds the layers of a section. */
bool cnn_darknet_add(cnn_darknet *r, const cnn_section *s);

#endif
