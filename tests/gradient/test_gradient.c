/*
 * Gradients as numbers. Expected values are PyTorch's (tests/data/gradients), sums by hand, and
 * central differences, which know nothing of the backward pass.
 */
#include "support.h"

#include <dirent.h>
#include <math.h>

typedef bool work(const cnn_network *net, const cnn_gradient_options *options, cnn_arena scratch,
                  cnn_writer *to, cnn_error *err);

/* Errors have words in the memory of the arena, so this one stays. */
static unsigned char memory[1 << 22];

/* What the function writes, with as much memory as it takes. */
static bool run(work *f, const char *input, const char *layers, const cnn_gradient_options *options,
                sink *out, cnn_error *err)
{
    reading r = read_list(input, layers);
    bool done = false;
    *err = r.err;
    for (size_t size = 1 << 16; r.done && !done && size <= sizeof memory; size *= 4) {
        cnn_writer to = sink_open(out);
        *err = (cnn_error){0};
        done = f(&r.net, options, cnn_arena_over(memory, size), &to, err);
        if (err->code != CNN_OUT_OF_MEMORY) {
            break;
        }
    }
    reading_free(&r);
    assert_int_equal(done, err->code == CNN_OK);
    return done;
}

/* The text behind "name = " at the beginning of a line. */
static const char *find_line(const char *text, const char *name)
{
    const size_t size = strlen(name);
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, size) == 0 && strncmp(line + size, " = ", 3) == 0) {
            return line + size + 3;
        }
    }
    return NULL;
}

static const char *next_number(const char *at, double *out)
{
    at += strspn(at, "[ ;");
    char *end;
    *out = strtod(at, &end);
    return end == at ? NULL : end;
}

/* Every number of the line, within 1e-10 of the expected one. */
static bool same_numbers(const char *got, const char *wanted)
{
    double a = 0, b = 0;
    do {
        got = next_number(got, &a);
        wanted = next_number(wanted, &b);
        if ((got == NULL) != (wanted == NULL) ||
            (got != NULL && !(fabs(a - b) <= 1e-10 * fabs(b)))) {
            return false;
        }
    } while (got != NULL);
    return true;
}

static void header(const char *text, const char *key, char *out, size_t size)
{
    const char *at = strstr(text, key);
    assert_non_null(at);
    at += strlen(key);
    snprintf(out, size, "%.*s", (int)strcspn(at, "\n"), at);
}

/* The file holds the values and the results; the reader passes over the results. */
static int check_case(const char *path)
{
    static sink out;
    char input[64], layers[400], loss[32], name[8];
    char *text = slurp(path);
    int failed = 0, compared = 0;
    header(text, "# input: ", input, sizeof input);
    header(text, "# layers: ", layers, sizeof layers);
    header(text, "# loss: ", loss, sizeof loss);
    cnn_error err;
    const cnn_gradient_options options = {.loss = view(loss), .values = view(text)};
    EXPECT(failed, run(cnn_gradient_compute, input, layers, &options, &out, &err), "%s: %s", path,
           cnn_error_id(&err));
    static const char *const names[] = {"l", "dx", "dW", "db"};
    for (int i = 0; failed == 0 && i < 20; i++) {
        snprintf(name, sizeof name, i < 2 ? "%s" : "%s%d", names[i < 2 ? i : 2 + i % 2], i / 2);
        const char *wanted = find_line(text, name), *got = find_line(out.data, name);
        EXPECT(failed, (wanted == NULL) == (got == NULL), "%s: %s is missing or surplus", path,
               name);
        if (wanted != NULL && got != NULL) {
            EXPECT(failed, same_numbers(got, wanted), "%s: %s differs", path, name);
            compared++;
        }
    }
    EXPECT(failed, compared >= 4, "%s: only %d lines", path, compared);
    free(text);
    return failed;
}

static void numbers_are_those_of_pytorch(void **state)
{
    (void)state;
    int failed = 0, files = 0;
    DIR *folder = opendir(TEST_DATA "/gradients");
    assert_non_null(folder);
    const struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.') {
            char path[1024];
            snprintf(path, sizeof path, TEST_DATA "/gradients/%s", entry->d_name);
            failed += check_case(path);
            files++;
        }
    }
    closedir(folder);
    assert_int_equal(files, 17);
    assert_int_equal(failed, 0);
}

/* By hand. */
static const struct {
    const char *input, *layers, *loss, *values;
    const char *name, *wanted;
} hand[] = {
    /* All means are 1, so dl/dp = 2 everywhere. Rounded up, a window of 4, two of 2, one of 1
     * value: PyTorch divides by what lies inside. */
    {"1x3x3", "avgpool2 ceil", "", "x = [1 1 1 1 1 1 1 1 1]; y = [0 0 0 0]", "dx",
     "[0.5 0.5 1 0.5 0.5 1 1 1 2]"},
    /* Zeros of the padding count: each of the 4 windows holds 4 ones of 9 values. p = 4/9, and the
     * middle is in all four: 4 * 2 * 4/9 * 1/9. */
    {"1x3x3", "avgpool3 s2 p1", "", "x = [1 1 1 1 1 1 1 1 1]; y = [0 0 0 0]", "dx",
     "[0.09876543209876543 0.19753086419753086 0.09876543209876543 0.19753086419753086 "
     "0.39506172839506171 0.19753086419753086 0.09876543209876543 0.19753086419753086 "
     "0.09876543209876543]"},
    /* Of equal values the first is the largest, as in PyTorch. */
    {"1x2x2", "maxpool2", "", "x = [3 3 3 3]; y = [1]", "dx", "[4 0 0 0]"},
    {"1x1x3", "maxpool1x2/1", "", "x = [1 2 2]; y = [0 0]", "dx", "[0 8 0]"},
    /* relu'(0) = 0 */
    {"vector 3", "relu", "", "x = [-1 0 2]; y = [1 1 1]", "dx", "[0 0 2]"},
    /* The mean of a channel: 2 (2.5 - 0.5)/4 */
    {"1x2x2", "gap", "", "x = [1 2 3 4]; y = [0.5]", "dx", "[1 1 1 1]"},
    /* An even kernel of "same" is padded at the low end by 0 and at the high end by 1:
     * z = (1 + 2*2, 2 + 0), dl/dW = sum dl/dz x = (2*5*1 + 2*2*2, 2*5*2 + 0) */
    {"1x1x2", "conv1x2-1 b0", "", "x = [1 2]; W1 = [1 2]; y = [0 0]", "dW1", "[18 20]"},
    /* Depthwise: each channel has its own filter. */
    {"2x1x1", "dwconv1 b0", "", "x = [2 3]; W1 = [5; 7]; y = [9 20]", "dW1", "[4; 6]"},
    /* Two groups: filter 2 sees channel 2 only. */
    {"2x1x1", "conv1-2 g2", "", "x = [2 3]; W1 = [5; 7]; b1 = [0 0]; y = [9 20]", "dx", "[10 14]"},
    /* Signs in comments end no row: dl/dW = 2 (W x - y) x^T */
    {"vector 2", "FC-2 b0", "", "x = [1 2]; y = [4 9]; W1 = [1 2 # first; ] row\n3 4]", "dW1",
     "[2 4; 4 8]"},
    {"vector 2", "FC-2 b0", "", "x = [1 2]; y = [4 9]; W1 = [1 2; % [a]\n3\n4]", "dW1",
     "[2 4; 4 8]"},
    {"vector 2", "FC-2 b0", "", "x = [1 2]; y = [4 9]; W1 = [# ;\n1 2\n3 4\n# ; ]\n]", "dW1",
     "[2 4; 4 8]"},
    /* Equal logits: softmax is 1/2, the loss ln 2, whichever way the class is written. */
    {"vector 2", "FC-2 b0", "cross-entropy", "x = [1 1]; W1 = [1 0; 0 1]; y = 1", "dx",
     "[0.5 -0.5]"},
    {"vector 2", "FC-2 b0", "cross-entropy", "x = [1 1]; W1 = [1 0; 0 1]; y = [0 1]", "l",
     "0.69314718055994531"},
    /* A map goes into an FC channel by channel, row by row. */
    {"2x1x2", "FC-1 b0", "squares", "x=[1 2 3 4]\ny=[0]\nW1=[1 0 0 1]", "dW1", "[10 20 30 40]"},
    /* Sums of what overlaps: a stride below the kernel. */
    {"1x1x3", "conv1x2-1 p0 b0", "", "x = [1 1 1]; W1 = [1 1]; y = [1 1]", "dx", "[2 4 2]"},
};

static void numbers_are_those_by_hand(void **state)
{
    static sink out;
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < LENGTH(hand); i++) {
        cnn_error err;
        const cnn_gradient_options options = {.loss = view(hand[i].loss),
                                              .values = view(hand[i].values)};
        const bool done =
            run(cnn_gradient_compute, hand[i].input, hand[i].layers, &options, &out, &err);
        const char *got = done ? find_line(out.data, hand[i].name) : NULL;
        EXPECT(failed, got != NULL && same_numbers(got, hand[i].wanted), "%s: %s\n%s",
               hand[i].layers, cnn_error_id(&err), out.data);
    }
    assert_int_equal(failed, 0);
}

/* The backward pass of every kind agrees with differences of the forward pass. */
static void slopes_are_differences(void **state)
{
    static const char *const lists[][2] = {
        {"3x9x8", "conv3-4/2 p1, tanh, conv2-6 d2 g2, sigmoid, flatten, FC-3"},
        {"2x7x7", "dwconv3-4/2 p1, sigmoid, gap, FC-5, softmax"},
        {"2x8x6", "avgpool3/2 ceil, conv4x2-3/2x1, tanh, maxpool2/1, FC-4 b0, sigmoid"},
        {"2x6x6", "maxpool3/1 p1 d2, reshape1x4x8, conv3-2 g1 p2x0 d1x2, avgpool2 same"},
        {"4x5x5", "conv2-6 g2, softmax, maxpool2 ceil"},
        {"2x4x4", "conv3-3 valid, flatten, flatten, tanh, tanh"},
        {"3x6x6", "avgpool3/2 p1 ceil, relu, conv1-2 b0, gap"},
        {"vector 9", "FC-8 b0, relu, FC-8, tanh, FC-7, sigmoid, FC-6, softmax, FC-5"},
    };
    static sink out;
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < LENGTH(lists); i++) {
        for (uint64_t seed = 0; seed < 8; seed++) {
            cnn_error err;
            const cnn_gradient_options options = {
                .seed = seed,
                .format = view("json"),
                .loss = seed % 2 == 0 || i == 1 ? view("squares") : view("cross-entropy")};
            const bool done =
                run(cnn_gradient_compute, lists[i][0], lists[i][1], &options, &out, &err);
            const char *at = done ? strstr(out.data, "\"max_deviation\":") : NULL;
            EXPECT(failed, at != NULL && strtod(at + 16, NULL) < 1e-7, "%s: %s %s", lists[i][1],
                   cnn_error_id(&err), at != NULL ? at : "");
        }
    }
    assert_int_equal(failed, 0);
}

/* What is printed reads back as the same numbers: the output of random values is a file of values.
 */
static void output_reads_back(void **state)
{
    static sink first, second;
    (void)state;
    for (uint64_t seed = 1; seed < 20; seed++) {
        const char *layers = "conv2-3, tanh, flatten, FC-4, sigmoid, FC-2 b0";
        cnn_error err;
        cnn_gradient_options options = {.seed = seed};
        assert_true(run(cnn_gradient_compute, "2x3x3", layers, &options, &first, &err));
        options = (cnn_gradient_options){.values = {first.data, first.size}};
        assert_true(run(cnn_gradient_compute, "2x3x3", layers, &options, &second, &err));
        assert_non_null(strstr(first.data, "l = "));
        assert_string_equal(strstr(first.data, "l = "), second.data);
    }
}

static const struct {
    const char *input, *layers, *loss, *values, *format;
    const char *id, *sentence;
} errors[] = {
    {"vector 2", "FC-3", "", "y = [1 2 3]; W1 = [1 2; 3 4; 5 6]; b1 = [0 0 0]", "", "value-missing",
     "x is missing"},
    {"vector 2", "FC-3", "", "x = [1 2]; x = [1 2]", "", "value-twice", "x is given twice"},
    {"vector 2", "FC-3", "", "x = [1 2 3]", "", "value-count",
     "x has 3 values, but 2 are expected"},
    {"vector 2", "FC-3", "", "W1 = [1 2 3; 4 5 6]", "", "value-rows",
     "W1 is 2x3, but 3x2 is expected"},
    {"vector 2", "FC-3", "", "W1 = [1 2; 4; 5 6]", "", "value-ragged",
     "the rows of W1 have different lengths, but 3x2 is expected"},
    {"vector 2", "FC-3", "", "W2 = [1]", "", "unknown-value-name",
     "the network has no value called 'W2'"},
    {"vector 2", "FC-3 b0", "", "b1 = [1]", "", "unknown-value-name",
     "the network has no value called 'b1'"},
    {"vector 2", "FC-3", "", "z1 = [1 2 3]", "", "unknown-value-name",
     "the network has no value called 'z1'"},
    {"vector 2", "FC-3", "cross-entropy", "y = 3", "", "value-class",
     "y is the index of a class, a whole number from 0 to 2"},
    {"vector 2", "FC-3", "cross-entropy", "y = 0.5", "", "value-class", ""},
    {"vector 2", "FC-3", "cross-entropy", "y = -1", "", "value-class", ""},
    {"vector 2", "FC-3", "cross-entropy", "y = [1 1 0]", "", "value-class", ""},
    {"2x2x2", "relu", "cross-entropy", "y = [0 1 2 0]", "", "value-classes",
     "y is the index of a class, a whole number from 0 to 1, at each of 4 positions"},
    {"2x2x2", "relu", "cross-entropy", "y = [1 1 1 1 1 0 0 0]", "", "value-classes", ""},
    {"2x2x2", "relu", "cross-entropy", "y = [1 1 1 -1 0 0 0 2]", "", "value-classes", ""},
    {"2x2x2", "relu", "cross-entropy", "y = 1", "", "value-classes", ""},
    {"vector 2", "FC-3", "cross-entropy", "y = [1 0]", "", "value-count", ""},
    {"vector 2", "FC-3", "", "y = 2", "", "value-count", "y has 1 values, but 3 are expected"},
    {"vector 2", "FC-3", "", "x = [1 2", "", "value-open", "this bracket is never closed"},
    {"vector 2", "FC-3", "", "x = [1 2x]", "", "value-number", "this is not a number"},
    {"vector 2", "FC-3", "", "x = [1 1e999]", "", "value-range", ""},
    {"vector 2", "FC-3", "", "x [1 2]", "", "value-form", ""},
    {"vector 2", "FC-3", "", "= 2", "", "value-form", ""},
    {"vector 2", "FC-3", "", "x = [1 2] y", "", "value-end", ""},
    {"vector 2", "FC-1", "", "x = [1e200 1]; W1 = [1e200 1]; b1 = 1; y = 1", "", "not-finite", ""},
    {"vector 2", "FC-1", "cubes", "", "", "unknown-loss", "no loss is called 'cubes'"},
    {"vector 2", "FC-2,softmax", "cross-entropy", "", "", "loss-twice", ""},
    {"vector 2", "FC-2", "", "", "csv", "gradient-format", "gradients are not written as 'csv'"},
    {"2x4x4", "conv3-2, bn, relu", "", "", "", "not-differentiable",
     "bn cannot be differentiated here"},
    {"2x4x4", "deconv3-2", "", "", "", "not-differentiable", ""},
    {"2x4x4", "add(conv3-2|id)", "", "", "", "not-a-chain", ""},
    {"2x4x4", "conv3-2,aux(FC-2),FC-3", "", "", "", "not-a-chain", ""},
    {"2x4x4", "split(relu|tanh)", "", "", "", "not-a-chain", ""},
    {"3x224x224", "conv3-64,FC-4096", "", "", "", "gradient-too-large",
     "numbers would take 13156713217 values and the time of 13"},
    {"vector 1", "50001*relu", "", "", "", "gradient-too-long",
     "a derivation of 50001 layers would take too long"},
    {"3x224x224", "FC-9000000000000", "", "", "", "gradient-too-large", ""},
};

static void errors_name_the_culprit(void **state)
{
    static sink out, line;
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < LENGTH(errors); i++) {
        cnn_error err;
        const cnn_gradient_options options = {
            .loss = view(errors[i].loss),
            .format = view(errors[i].format),
            .values = errors[i].values[0] != '\0' ? view(errors[i].values) : (cnn_text){0}};
        run(cnn_gradient_compute, errors[i].input, errors[i].layers, &options, &out, &err);
        cnn_writer to = sink_open(&line);
        assert_true(cnn_error_write_line(&err, &to));
        EXPECT(failed,
               strcmp(cnn_error_id(&err), errors[i].id) == 0 &&
                   strncmp(line.data, errors[i].sentence, strlen(errors[i].sentence)) == 0,
               "%s / %s: %s: %s", errors[i].layers, errors[i].values, cnn_error_id(&err),
               line.data);
        EXPECT(failed, out.size == 0, "%s: something was written", errors[i].layers);
    }
    assert_int_equal(failed, 0);
}

/* Forms of one and the same file. */
static void values_take_many_forms(void **state)
{
    static const char *const forms[] = {
        "x = [1 2]\nW1 = [1 2; 3 4; 5 6]\nb1 = [1 2 3]\ny = [0 0 0]\n",
        "\xEF\xBB\xBFx=[1,2];W1=[1,2;3,4;5,6];b1=[1;2;3];y=[0;0;0]",
        ("# a comment\r\nx = [1 2] % another\r\nw1 = [1 2\r\n3 4\r\n5 6]\r\nB1 = [1 2\n3]\r\n"
         "Y = [0 0 0]\r\n"),
        "x = [ 1 , +2 ]\n\nW1 =\n[1 2;\n 3 4;\n 5 6;\n]\nb1 = [1. 2e0 .3e1], y = [-0 0.0 0]",
    };
    static sink first, out;
    (void)state;
    for (size_t i = 0; i < LENGTH(forms); i++) {
        cnn_error err;
        const cnn_gradient_options options = {.values = view(forms[i])};
        sink *to = i == 0 ? &first : &out;
        if (!run(cnn_gradient_compute, "vector 2", "FC-3", &options, to, &err)) {
            fail_msg("%s: %s", forms[i], cnn_error_id(&err));
        }
        /* l = 6^2 + 13^2 + 20^2 */
        assert_non_null(strstr(to->data, "l = 605\n"));
        assert_string_equal(to->data, first.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_those_of_pytorch), cmocka_unit_test(numbers_are_those_by_hand),
        cmocka_unit_test(slopes_are_differences),       cmocka_unit_test(output_reads_back),
        cmocka_unit_test(errors_name_the_culprit),      cmocka_unit_test(values_take_many_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
