/* Answers as text and as JSON. */
#include "measure/quantity.h"

/* Exact decimals where there are any with up to six digits, otherwise num/den. */
void cnn_fraction_put(cnn_out *out, cnn_fraction fraction)
{
    int64_t scale = 1;
    for (int32_t i = 0; i < 6 && scale % fraction.den != 0; i++) {
        scale *= 10;
    }
    const int64_t size = fraction.num < 0 ? -fraction.num : fraction.num;
    cnn_out_string(out, fraction.num < 0 ? "-" : "");
    if (scale % fraction.den != 0) {
        cnn_out_int(out, size);
        cnn_out_char(out, '/');
        cnn_out_int(out, fraction.den);
        return;
    }
    cnn_out_int(out, size / fraction.den);
    int64_t rest = size % fraction.den * (scale / fraction.den);
    if (scale > 1) {
        cnn_out_char(out, '.');
    }
    for (scale /= 10; scale > 0; scale /= 10) {
        cnn_out_char(out, (char)('0' + rest / scale));
        rest %= scale;
    }
}

/* The decimal nearest to it with 17 digits: more than a double has. */
static void put_decimal(cnn_out *out, cnn_fraction fraction)
{
    enum { DIGITS = 17, LONGEST = 40 };
    int64_t den = fraction.den, rest = fraction.num < 0 ? -fraction.num : fraction.num;
    bool begun = rest >= den;
    cnn_out_string(out, fraction.num < 0 ? "-" : "");
    cnn_out_int(out, rest / den);
    cnn_out_char(out, '.');
    rest %= den;
    while (den > INT64_MAX / 10) { /* both halved, so that rest * 10 fits */
        den /= 2;
        rest /= 2;
    }
    for (int32_t i = 0, digits = 0; i < LONGEST && digits < DIGITS; i++) {
        const int64_t digit = rest * 10 / den;
        begun = begun || digit > 0;
        digits += begun;
        rest = rest * 10 % den;
        cnn_out_char(out, (char)('0' + digit));
    }
}

void cnn_fraction_json(cnn_json *json, const char *key, cnn_fraction fraction)
{
    const char *const quote = 1000000 % fraction.den == 0 ? "" : "\"";
    cnn_json_key(json, key);
    cnn_out_string(json->out, quote);
    cnn_fraction_put(json->out, fraction);
    cnn_out_string(json->out, quote);
}

void cnn_pair_put(cnn_out *out, const cnn_fraction *pair, int32_t count, bool json)
{
    cnn_out_string(out, json ? "[" : "");
    for (int32_t i = 0; i < count; i++) {
        cnn_out_string(out, i == 0 ? "" : json ? "," : "x");
        if (json && 1000000 % pair[i].den != 0) {
            put_decimal(out, pair[i]);
        } else {
            cnn_fraction_put(out, pair[i]);
        }
    }
    cnn_out_string(out, json ? "]" : "");
}
