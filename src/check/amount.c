/* Comparing numbers as people write them. Reading them is in amount_read.c. */
#include "check/amount.h"

#include "base/checked.h"
#include "check/amount_settle.h"

bool cnn_amount_is(const cnn_amount *amount, cnn_fraction right)
{
    int64_t mine, other, step, difference, twice;
    if (!cnn_checked_mul(amount->num, right.den, &mine) ||
        !cnn_checked_mul(right.num, amount->den, &other) ||
        !cnn_checked_mul(amount->step, right.den, &step) ||
        !cnn_checked_sub(mine, other, &difference) || !cnn_checked_mul(difference, 2, &twice)) {
        return false;
    }
    const bool rounded = twice <= step && -twice <= step;
    /* Of one digit alone nothing can be cut off: 1K does not stand for 1,900. */
    const bool cut =
        difference <= 0 && -difference < step && amount->mantissa >= 10 && !amount->spread;
    return difference == 0 || (step > 0 && (rounded || cut));
}

int32_t cnn_amount_digits(const cnn_amount *amount)
{
    if (amount->step == 0) {
        return INT32_MAX;
    }
    int32_t digits = 0;
    for (int64_t steps = amount->num / amount->step; steps != 0; steps /= 10) {
        digits++;
    }
    return digits;
}

/* The whole number at or below a fraction, which keeps the rest. */
static int64_t take_whole(cnn_fraction *fraction)
{
    const int64_t rest = fraction->num % fraction->den;
    const int64_t whole = fraction->num / fraction->den - (rest < 0 ? 1 : 0);
    fraction->num = rest < 0 ? rest + fraction->den : rest;
    return whole;
}

/* Compares whole numbers, then what the rests leave of 1 when they divide it, and so on: no product
 * is needed that might not fit. */
int32_t cnn_amount_compare(const cnn_amount *amount, cnn_fraction right)
{
    cnn_fraction mine = {amount->num, amount->den};
    for (int32_t more = 1;; more = -more) {
        const int64_t a = take_whole(&mine), b = take_whole(&right);
        if (a != b) {
            return a > b ? more : -more;
        }
        if (mine.num == 0 || right.num == 0) {
            return more * ((mine.num != 0) - (right.num != 0));
        }
        mine = (cnn_fraction){mine.den, mine.num};
        right = (cnn_fraction){right.den, right.num};
    }
}

bool cnn_amount_rebased(const cnn_amount *amount, cnn_amount *out)
{
    *out = *amount;
    out->binary = !amount->binary;
    return amount->power > 0 && cnn_amount_settle(out);
}
