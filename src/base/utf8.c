/* Well-formed UTF-8. */
#include "base/utf8.h"

size_t cnn_utf8_size(cnn_text text)
{
    const unsigned char *s = (const unsigned char *)text.data, c = s[0];
    const size_t n = c < 0x80 ? 1 : c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
    if (n == 0 || n > text.size) {
        return 0;
    }
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    const bool overlong = (c == 0xE0 && s[1] < 0xA0) || (c == 0xF0 && s[1] < 0x90);
    const bool surrogate = c == 0xED && s[1] > 0x9F;
    const bool beyond = c == 0xF4 && s[1] > 0x8F;
    return overlong || surrogate || beyond ? 0 : n;
}

bool cnn_text_check(cnn_text text, cnn_error *err)
{
    for (size_t i = 0; i < text.size;) {
        const bool nul = text.data[i] == '\0';
        const size_t n = nul ? 0 : cnn_utf8_size(cnn_text_skip(text, i));
        if (n == 0) {
            const cnn_span span = {(uint32_t)i, (uint32_t)i + 1};
            return cnn_fail(err, nul ? CNN_E_NUL_BYTE : CNN_E_BAD_UTF8, span);
        }
        i += n;
    }
    return true;
}
