/*
 * Doubles as text, against the C library: what is printed reads back with strtod, no decimal with
 * fewer digits does, and printf finds the same digits where it is asked for as many.
 */
#include "support.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "gradient/double.h"
#include "gradient/shortest.h"

static uint64_t random_state = 20261128;

/* Marsaglia 2003, xorshift */
static uint64_t random_bits(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static double double_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static bool reads_back(const char *text, double value)
{
    const double back = strtod(text, NULL);
    return memcmp(&back, &value, sizeof back) == 0;
}

/* The fewest digits from 15 on with which printf's nearest decimal reads back, as %g lays it out.
 */
static void print(double value, char text[64])
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, 64, "%.*g", digits, value);
        if (reads_back(text, value)) {
            return;
        }
    }
}

/* No multiple of the next power of ten reads back: neither the one below nor the one above. */
static bool is_shortest(double value)
{
    const cnn_decimal d = cnn_shortest(value);
    for (unsigned above = 0; above < 2 && d.digits >= 10; above++) {
        char text[64];
        snprintf(text, sizeof text, "%llue%d", (unsigned long long)(d.digits / 10 + above),
                 (int)d.exponent + 1);
        if (strtod(text, NULL) == fabs(value)) {
            return false;
        }
    }
    return true;
}

/* `like_printf`: printf's nearest decimal is the shortest one. It need not be for a power of two,
 * below which doubles are denser, nor for numbers so small that fewer than 15 digits do. */
static void check(double value, bool like_printf)
{
    cnn_out out;
    char expected[64];
    if (!isfinite(value)) {
        return;
    }
    cnn_out_open(&out, NULL);
    cnn_out_double(&out, value);
    out.buffer[out.used] = '\0';
    print(value, expected);
    if (!reads_back(out.buffer, value) || !is_shortest(value) ||
        (like_printf && strcmp(out.buffer, expected) != 0)) {
        fail_msg("%a is written %s; printf: %s", value, out.buffer, expected);
    }
}

static void random_bit_patterns(void **state)
{
    (void)state;
    for (int i = 0; i < 200000; i++) {
        const double value = double_of(random_bits());
        check(value, fabs(value) > 1e-307);
    }
}

static void numbers_as_people_write_them(void **state)
{
    (void)state;
    for (int i = 0; i < 50000; i++) {
        const double units = (double)(random_bits() % 2000001) - 1000000;
        check(units * pow(10, (int)(random_bits() % 40) - 20), true);
        check(units / 1024, true);
    }
}

static void powers_of_two_and_their_neighbours(void **state)
{
    (void)state;
    for (uint64_t exponent = 0; exponent < 2047; exponent++) {
        const uint64_t bits = exponent << 52;
        for (uint64_t near = 0; near < 4; near++) {
            check(double_of(bits + near), near > 0 && exponent > 3);
            check(double_of(exponent > 0 ? bits - near : bits), near > 0 && exponent > 3);
        }
    }
}

/* Steele & White 1990, and the ends of the range */
static void known_digits(void **state)
{
    static const struct {
        double value;
        uint64_t digits;
        int32_t exponent;
    } rows[] = {
        {0, 0, 0},
        {5e-324, 5, -324},
        {2.2250738585072014e-308, 22250738585072014, -324},
        {1.7976931348623157e308, 17976931348623157, 292},
        {9007199254740992.0, 9007199254740992, 0},
        {0x1p-1017, 7120236347223045, -322}, /* Python's repr; printf needs 17 digits */
        {1e23, 1, 23},
        {-0.3, 3, -1},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const cnn_decimal d = cnn_shortest(rows[i].value);
        if (d.digits != rows[i].digits || d.exponent != rows[i].exponent) {
            fail_msg("%a: %llue%d", rows[i].value, (unsigned long long)d.digits, (int)d.exponent);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_bit_patterns),
        cmocka_unit_test(numbers_as_people_write_them),
        cmocka_unit_test(powers_of_two_and_their_neighbours),
        cmocka_unit_test(known_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
