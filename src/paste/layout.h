/* How a value is written in a string. */
#ifndef CNN_PASTE_LAYOUT_H
#define CNN_PASTE_LAYOUT_H

#include "paste/paste.h"

enum { CNN_MOST_WIDTH = 1000 };

typedef struct cnn_layout {
    char fill, align; /* '<', '>', '^'; '=': the filling goes after a sign */
    char type;        /* '\0': the value's own */
    int32_t width;
    int32_t places; /* -1: not given */
} cnn_layout;

/* False: the type is not spelt out here, or not one of the value. */
bool cnn_lay_out(cnn_paster *p, const cnn_py *value, cnn_layout how, cnn_text *out);

#endif
