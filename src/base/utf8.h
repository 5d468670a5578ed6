/* Whether bytes are UTF-8. */
#ifndef CNN_BASE_UTF8_H
#define CNN_BASE_UTF8_H

#include "base/error.h"

/* The size of the code point at the beginning of a text that is not empty; 0: it is not
 * well-formed. Unicode 15, table 3-7. */
size_t cnn_utf8_size(cnn_text text);

/* NUL bytes and invalid UTF-8 are errors. Texts of the caller that outputs repeat are checked, or
 * JSON would not be UTF-8. */
bool cnn_text_check(cnn_text text, cnn_error *err);

#endif
