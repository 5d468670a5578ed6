/*
 * Whatever was read before, a list gives the same network as one that nobody remembers: the same
 * layers, the same spans, the same error. And an outline gives the same sums and sizes.
 */
#include "memo.h"

#include "explain/explain.h"

static _Alignas(16) unsigned char memory[1 << 18], other_memory[1 << 18];

static const char *const lists[] = {
    "conv3-64,maxpool,FC-4096",
    "conv3-64 ,maxpool , FC-4096", /* blanks belong to no layer */
    "conv3-64 s1 p1,x",            /* an error behind what is known */
    "conv3-64 s1 p1,bn,relu",
    "conv3-64 s1 b0 p,bn",                    /* a text that begins like a known one */
    "conv3-64 s1 b0,conv3-64 s1 b0",          /* 14 bytes, twice in one list */
    "conv3-1234 s1 p1,relu",                  /* 16 bytes: a key needs the comma, too */
    "conv3-123 s1 p1,relu",                   /* 15 bytes: just short enough */
    "conv3-12345 s1 p1,conv3-12345 s1 p2,bn", /* the same first 16 bytes */
    "relu,conv3-123 s1 p1",                   /* 15 bytes up to the end */
    "relu",                                   /* as long as there is text */
    "id,maxpool",                             /* 7 bytes before the end */
    "id,maxpool3",                            /* 8 */
    "id,conv3-64",                            /* the end instead of a comma */
    "id,conv3-64,",                           /* a comma, and then the end */
    "id,conv3-1234 s1 p1",                    /* the end where a key ends */
    "add(conv3-64,bn | id),add(id|bn)",       /* other ends of items */
    "add(conv3-64,bn*|id),bn",                /* and what is none */
    "conv3-64}bn,relu",
    "relu)bn,relu",
    "conv3-64\xC2\xAC,conv3-64", /* 0x2C, with its top bit */
    "aux(conv3-64,bn,gap,FC-10),conv3-64,bn",
    "aux(conv3-64,bn),aux(conv3-64,bn),add(conv3-64,aux(bn)|conv3-64)",
    "a:conv3-64,b:bn,maxpool,add(@b,maxpool|id),conv3-64",
    "gap,conv3-64,flatten,conv3-64", /* the same text, right and wrong */
    "maxpool100,maxpool100",
    "bn,FC-64,bn,FC-64,ln",
    "FC-3037000500,FC-3037000500,bn,bn",         /* a product just above 2^63 */
    "FC-1073741824,FC-1073741824,FC-1073741824", /* sums of 2^60 and more: 2^60, 2^61 ... */
    "FC-1073741824,5*FC-1073741824",
    "aux(FC-1073741824,3*FC-1073741824),4*FC-1073741824",
    "aux(FC-1073741824,3*FC-1073741824),3*FC-1073741824,FC-1",
    "aux(6*FC-1073741824),5*FC-1073741824",
    "FC-536870912,20xFC-536870912", /* sums of 2^58: the 16th is above half of 2^63 MACs */
    "FC-536870912,20x(FC-536870912)",
    "input vector 2147483648;FC-2147483647", /* 2^62 - 2^31 MACs, and then 2^32 more */
    "input vector 2;FC-2147483648,FC-2147483647",
    "bn,pad9999999999", /* a size that can be computed, of more values than can be counted */
    "conv3-64,3xconv3-64,2x(conv3-64,bn,2x(relu,conv3-64))",
    "maxpool,2 x(maxpool,bn),a:maxpool",
    "2 x(conv3-64,bn),aux(2 x(conv3-64,bn)),2 x(conv3-64,bn)", /* what stands in trees */
    "cat(id|id|id|id|id|conv3-3),split(id|id|id),cat(id|id|id|id)",
    "3x(conv3-64,bn,relu),cat(relu|relu,bn)",
    "conv3-64\nbn,relu", /* a key with two items in it */
    "conv3-64;bn,relu",
    "conv3-64 # remark,relu",
    "relu6,relu,relu,relu6",
    "n=3;conv3-n,conv3-n,3xconv3-n",
    "a: conv3-64,conv3-64,cat(@a|id)",
    "dwconv3,conv3-96,dwconv3,dwconv3", /* shared attributes, other channels */
    "deconv2-8 s3,deconv2-8 s3,deconv2-8",
    "prelu,conv1-5,prelu,prelu",
    "maxpool3,maxpool,maxpool3/1 p1,maxpool3",
    "a: maxpool,conv1-4,resize@a,resize112,resize112",
    "Conv3-64,CONV3-64,conv3-64",
    "conv3-64\t,conv3-64\t,bn",
    "conv3-64,,bn",
    "conv3-64 s1 s1,bn",
    "conv3-99999999999999999999,bn",
    /* joins and groups: of other shapes, in auxiliary heads, inside of one another */
    "conv1-64,add(conv3-64,bn|id),add(conv3-64,bn|id),maxpool,add(conv3-64,bn|id)",
    "gap,add(conv3-64,bn|id)",
    "aux(conv1-64,add(conv3-64,bn|id)),conv1-64,add(conv3-64,bn|id),2x(aux(gap,FC-3))",
    "2x(aux(gap,FC-3)),2x(aux(gap)),2x(aux(gap)),cat(aux(bn),id|aux(relu),id)",
    "aux(2x(conv3-64,bn)),2x(conv3-64,bn)", /* what costs nothing in a head, and then does */
    "aux(add(conv3-3,bn|id)),add(conv3-3,bn|id)",
    "2x(add(conv3-3,bn|id)),3x(2x(bn),relu),2x(bn),add(2x(bn)|add(id|2x(bn)))",
    "3x(2x(bn),relu),add(2x(bn)|add(id|2x(bn))),2x(add(conv3-3,bn|id))",
    /* something else behind them, or in them */
    "2x(bn)*relu",
    "add(bn|id)*2",
    "add(bn|id)=3,bn",
    "add(bn|id) ,2x(bn) ,bn",
    "add(bn|id)\n2x(bn);add(bn|id) # remark",
    "2x(bn))",
    "add(bn,|id),relu",
    "add(id|bn,),relu",
    "2x(add(bn|id),),relu",
    "add(bn|id)|bn",
    "add(bn|id # )\n),bn",
    "add(bn # )\n|id),2x(bn # )\n)",
    "add(bn|id)\xE2\x82\xAC",
    "add(bn|\xC2\xA8id)",
    /* what names mean differs from list to list */
    "f(n)=conv3-n;add(f(3)|id),2x(f(3))",
    "f(n)=conv5-n;add(f(3)|id),2x(f(3))",
    "n=2;add(n*conv3-3|id),2x(n*conv3-3)",
    "n=3;add(n*conv3-3|id),2x(n*conv3-3)",
    "add(a:bn|id),add(bn|@a)",
    "a:bn,conv3-3,2x(add(bn|@a))",
    "a:conv3-5,conv3-3,2x(cat(bn|@a))",
    "conv3-3,2x(cat(bn|@a))",
    "bn3,relu", /* numbers for a kind that takes none */
    "bn-3,relu",
    "bn s2,relu",
    "bn/2,relu",
    "bn p1,gap3x4",
    "gap-3,gap3",
    "input 3x8x8;add(conv3-3,bn|id),conv3-3", /* shapes that differ in one side */
    "input 3x8x9;add(conv3-3,bn|id),conv3-3",
    "add(conv3-c|id),conv1-4,add(conv3-c|id)",
    "2x(conv3-(2*c)),2x(conv3-(2*c))",
    /* sums of 2^60 and more */
    "add(FC-1073741824|id),add(FC-1073741824|id)",
    "FC-1073741824,add(FC-1073741824|id),add(FC-1073741824|id)",
    "FC-536870912,20x(FC-536870912),20x(FC-536870912)",
    "FC-536870912,3x(FC-536870912),3x(FC-536870912),3x(FC-536870912),3x(FC-536870912)",
    ("FC-536870912,3x(FC-536870912),3x(FC-536870912),3x(FC-536870912),3x(FC-536870912),"
     "3x(FC-536870912),3x(FC-536870912)"), /* 18 times 2^58 MACs, above half of 2^63 */
    "FC-536870912,9x(FC-536870912),9x(FC-536870912)",
    /* more than an effect has room for: channels from 2^31 on; biases and statistics from 2^32 */
    "input vector 3;FC-2147483647,relu,FC-3,FC-2147483648,relu,FC-3,FC-4294967299,FC-3",
    "input vector 3;2x(FC-2147483648,FC-3),2x(FC-3,FC-2147483647),2x(FC-3,FC-2147483648)",
    "input vector 1073741824;4x(ln),3x(ln),4x(ln),3x(ln)",
    "input vector 1073741824;4x(bn),3x(bn),4x(bn),2x(bn),add(bn,bn,bn,bn|id)",
    "input 3x1x2;pad0x1073741824,bn,2x(pad0x1073741824)", /* sides from 2^31 on */
    "input 3x2x1;pad1073741824x0,bn,2x(pad1073741824x0)",
};

static bool read_with(cnn_memo *memo, cnn_text text, unsigned char *room, cnn_network *net,
                      cnn_error *err)
{
    cnn_arena arena = cnn_arena_over(room, sizeof memory);
    const cnn_settings settings = {.memo = memo};
    *net = (cnn_network){0};
    *err = (cnn_error){0};
    return cnn_network_read(&arena, text, &settings, net, err);
}

static bool equal_layers(const cnn_layer *a, const cnn_layer *b)
{
    return a->op == b->op &&
           memcmp(a->attrs->value, b->attrs->value, sizeof a->attrs->value) == 0 &&
           a->attrs->given == b->attrs->given && a->span.begin == b->span.begin &&
           a->span.end == b->span.end && cnn_shapes_equal(&a->out, &b->out) &&
           a->weights == b->weights && a->biases == b->biases && a->macs == b->macs;
}

/* The outline of the text with the memo, or with none; NULL: there is an error to expect. */
static int compare_outline(cnn_memo *memo, cnn_text text, const cnn_network *net,
                           const cnn_error *expected)
{
    int failed = 0;
    const int length = (int)text.size;
    for (int way = 0; way < 2; way++) {
        cnn_outline outline;
        cnn_error err;
        const bool done = read_outline(way == 0 ? memo : NULL, text, &outline, &err);
        EXPECT(failed, done == (net != NULL), "outline of %.*s", length, text.data);
        EXPECT(failed,
               err.code == expected->code && err.span.begin == expected->span.begin &&
                   err.span.end == expected->span.end && err.call.begin == expected->call.begin &&
                   err.call.end == expected->call.end,
               "outline of %.*s: %s, not %s", length, text.data, cnn_error_id(&err),
               cnn_error_id(expected));
        if (done && net != NULL) {
            EXPECT(failed,
                   outline.layer_count == net->layer_count &&
                       memcmp(&outline.totals, &net->totals, sizeof net->totals) == 0 &&
                       cnn_shapes_equal(outline.in, &net->layers[0].out) &&
                       cnn_shapes_equal(outline.out, &net->layers[net->output].out),
                   "outline of %.*s", length, text.data);
        }
    }
    return failed;
}

/* Reads one list with and without the memo, and compares. */
static int compare(cnn_memo *memo, const char *list)
{
    int failed = 0;
    guarded text = guard(view(list));
    cnn_network with, without;
    cnn_error err, expected;
    const bool done = read_with(memo, text.text, memory, &with, &err);
    EXPECT(failed, done == read_with(NULL, text.text, other_memory, &without, &expected), "%s",
           list);
    EXPECT(failed,
           err.code == expected.code && err.span.begin == expected.span.begin &&
               err.span.end == expected.span.end,
           "%s: %s, not %s", list, cnn_error_id(&err), cnn_error_id(&expected));
    EXPECT(failed, !done || with.layer_count == without.layer_count, "%s: layers", list);
    for (int32_t i = 0; done && failed == 0 && i < with.layer_count; i++) {
        EXPECT(failed, equal_layers(&with.layers[i], &without.layers[i]), "%s: layer %d", list,
               (int)i);
    }
    failed += compare_outline(memo, text.text, done ? &without : NULL, &expected);
    unguard(&text);
    return failed;
}

static void what_was_read_before_changes_nothing(void **state)
{
    (void)state;
    int failed = 0;
    cnn_memo *memo = new_memo();
    for (int round = 0; round < 3; round++) { /* empty, filled while it is read, filled */
        for (size_t i = 0; i < LENGTH(lists); i++) {
            failed += compare(memo, lists[i]);
        }
    }
    assert_int_equal(failed, 0);
    assert_true(memo->count > 20);
    const int32_t count = memo->count;
    for (size_t i = 0; i < LENGTH(lists); i++) {
        failed += compare(memo, lists[i]);
    }
    assert_int_equal(memo->count, count); /* a text is kept once */
    assert_int_equal(failed, 0);
}

static void a_full_memo_still_reads(void **state)
{
    (void)state;
    int failed = 0;
    cnn_memo *memo = new_memo();
    for (int n = 1; n <= 2 * CNN_MEMO_SLOTS; n++) {
        char list[64];
        snprintf(list, sizeof list, "conv1-%d,conv3-%d,relu", n, n);
        failed += compare(memo, list);
    }
    assert_int_equal(failed, 0);
    assert_int_equal(memo->count, CNN_MEMO_MOST);
}

/* One phrase in each slot, so that every other text and shape meets one that is not its own. There
 * are few shapes: of more, some would be forgotten, and phrases with them. */
static void full_phrases_still_read(void **state)
{
    (void)state;
    int failed = 0;
    cnn_memo *memo = new_memo();
    for (int n = 1; n <= 16 * CNN_PHRASE_SLOTS; n++) {
        char list[64];
        const int c = n % 1000 + 1;
        snprintf(list, sizeof list, "add(conv1-%d|conv1-%d,dropout0.%d)", c, c, n);
        cnn_outline outline;
        cnn_error err;
        assert_true(read_outline(memo, view(list), &outline, &err));
        EXPECT(failed, outline.out->channels == c && outline.totals.params == 8 * c, "%s", list);
    }
    for (int k = 0; k < CNN_PHRASE_SLOTS; k++) {
        assert_int_not_equal(memo->phrases.slots[k].text[0], 0);
    }
    for (size_t i = 0; i < LENGTH(lists); i++) {
        failed += compare(memo, lists[i]);
    }
    assert_int_equal(failed, 0);
}

/* Of what is behind a phrase, little ends it, and a "*" or "=" makes something else of it. */
static void every_sign_may_stand_behind_a_phrase(void **state)
{
    (void)state;
    static const char *const phrases[] = {"2x(bn)", "add(bn|id)"};
    int failed = 0;
    cnn_memo *memo = new_memo();
    for (size_t i = 0; i < LENGTH(phrases); i++) {
        for (int c = 1; c < 256; c++) {
            /* from 0x80 on it leads the bytes of one character */
            const char *more = c < 0x80   ? ""
                               : c < 0xE0 ? "\x80"
                               : c < 0xF0 ? "\xA0\x80"
                                          : "\x90\x80\x80";
            char list[64];
            snprintf(list, sizeof list, "%s,%s%c%srelu", phrases[i], phrases[i], c, more);
            failed += compare(memo, list);
        }
    }
    assert_int_equal(failed, 0);
}

/* Nothing before a text is looked at, although the eight bytes before its end are. */
static void short_texts_are_read_from_their_beginning(void **state)
{
    (void)state;
    int failed = 0;
    cnn_memo *memo = new_memo();
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    void *pages = NULL;
    assert_int_equal(posix_memalign(&pages, page, 2 * page), 0);
    assert_int_equal(mprotect(pages, page, PROT_NONE), 0);
    char *text = (char *)pages + page;
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < LENGTH(lists); i++) {
            const size_t size = strlen(lists[i]);
            memcpy(text, lists[i], size);
            for (size_t part = 1; part <= size && part < 9; part++) {
                cnn_network net;
                cnn_error err;
                const bool done = read_with(NULL, (cnn_text){text, part}, other_memory, &net, &err);
                failed += compare_outline(memo, (cnn_text){text, part}, done ? &net : NULL, &err);
            }
        }
    }
    assert_int_equal(mprotect(pages, page, PROT_READ | PROT_WRITE), 0);
    free(pages);
    assert_int_equal(failed, 0);
}

/* Where two effects meet in a slot, the attributes and the shape say whose it is. */
static void effects_of_others_are_not_taken(void **state)
{
    (void)state;
    static const cnn_attrs others;
    int failed = 0;
    cnn_memo *memo = new_memo();
    for (int round = 0; round < 6; round++) {
        for (size_t i = 0; i < LENGTH(lists); i++) {
            failed += compare(memo, lists[i]);
            for (int k = 0; round > 2 && k < CNN_EFFECT_SLOTS; k++) {
                cnn_effect *effect = &memo->known.effects[k];
                effect->attrs = round % 2 == 0 ? &others : effect->attrs;
                effect->in = round % 2 == 0 ? effect->in : CNN_SHAPE_NUMBERS - 1;
                effect->weights = 1234567;
            }
        }
    }
    assert_int_equal(failed, 0);
}

/* conv1-1,conv1-2 and so on, behind what the list holds; its size then. */
static size_t put_widths(char *list, size_t size, int from, int to)
{
    for (int n = from; n <= to; n++) {
        size += (size_t)sprintf(list + size, "conv1-%d,", n);
    }
    return size;
}

/*
 * A list of more shapes than have numbers: from and to shapes that have one and such that have none
 * there are layers that are known, joins, labels and groups. Some lists later all are forgotten.
 */
static void there_may_be_more_shapes_than_numbers(void **state)
{
    (void)state;
    enum { MOST = CNN_SHAPE_NUMBERS };
    static char list[1 << 16];
    static _Alignas(16) unsigned char large_memory[1 << 22];
    cnn_memo *memo = new_memo();
    int failed = 0;
    for (int round = 0; round < 3; round++) {
        size_t size = put_widths(list, 0, 1, MOST); /* the third one is the input's */
        size += (size_t)sprintf(list + size, "conv1-1,conv1-2,a:conv1-4095,");
        size += (size_t)sprintf(list + size, "conv1-5000,bn,add(bn,conv1-5000|id),2x(conv1-5000),");
        size +=
            (size_t)sprintf(list + size, "conv1-1,conv1-5000,2x(conv1-c),add(conv1-1|conv1-1),");
        size += (size_t)sprintf(list + size, "add(conv1-5000|conv1-5000),conv1-4095,add(bn|@a),");
        size += (size_t)sprintf(list + size, "add(cat(conv1-6000|conv1-7000)|conv1-13000)");
        cnn_network net;
        cnn_error err = {0};
        cnn_arena arena = cnn_arena_over(large_memory, sizeof large_memory);
        assert_true(cnn_network_read(&arena, (cnn_text){list, size}, NULL, &net, &err));
        failed += compare_outline(memo, (cnn_text){list, size}, &net, &err);
        assert_int_equal(memo->known.shapes.count, MOST);
        failed += compare(memo, "conv1-4,bn,add(bn|id)"); /* everything is forgotten */
        assert_int_equal(memo->known.shapes.count, 2);
    }
    assert_int_equal(failed, 0);
}

/* What is known stays as long as there is room, and no longer. */
static void what_is_known_is_forgotten_where_room_may_be_wanted(void **state)
{
    (void)state;
    enum { ROOM = CNN_SHAPE_NUMBERS / 4 * 3 };
    cnn_memo *memo = new_memo();
    int failed = 0;
    for (int n = 1; n <= ROOM + 2; n++) {
        char list[64];
        cnn_outline outline;
        cnn_error err;
        snprintf(list, sizeof list, "conv1-%d,add(bn|id)", n);
        EXPECT(failed, read_outline(memo, view(list), &outline, &err), "%s", list);
        /* the input has the third shape */
        const int count = n < 3 ? n + 1 : n <= ROOM + 1 ? n : 2;
        EXPECT(failed, memo->known.shapes.count == count, "%s", list);
        int effects = 0, phrases = 0;
        for (int k = 0; n > ROOM && k < CNN_EFFECT_SLOTS; k++) {
            effects += memo->known.effects[k].attrs != NULL;
        }
        for (int k = 0; n > ROOM && k < CNN_PHRASE_SLOTS; k++) {
            phrases += memo->phrases.slots[k].text[0] != 0;
        }
        const bool forgotten = n > ROOM + 1;
        EXPECT(failed, n <= ROOM || (effects < 3) == forgotten, "%s: %d effects", list, effects);
        EXPECT(failed, n <= ROOM || (phrases < 2) == forgotten, "%s: %d phrases", list, phrases);
    }
    assert_int_equal(failed, 0);
}

static void plain_texts_are_kept_and_no_others(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        int kept;
    } rows[] = {
        {"relu,bn,relu", 2},        {"relu ,relu,", 2},     {"relu", 0}, /* less than eight bytes */
        {"relu;bn\nid", 1},         {"add(relu|bn,id)", 3}, {"conv3-123 s1 p1,id", 2},
        {"conv3-1234 s1 p1,id", 1}, {"conv3-(1+1),id", 1},  {"2*relu,id", 2},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_memo *memo = new_memo();
        cnn_network net;
        cnn_error err;
        read_with(memo, view(rows[i].list), memory, &net, &err);
        EXPECT(failed, memo->count == rows[i].kept, "%s: %d", rows[i].list, (int)memo->count);
        memo = new_memo();
        for (int round = 0; round < 3; round++) { /* and once only */
            cnn_outline outline;
            (void)read_outline(memo, view(rows[i].list), &outline, &err);
            EXPECT(failed, memo->count == rows[i].kept, "outline of %s: %d", rows[i].list,
                   (int)memo->count);
        }
    }
    assert_int_equal(failed, 0);
}

static void joins_and_groups_are_kept_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        int kept;
    } rows[] = {
        {"add(bn|id),relu,2x(bn),add(bn|id)", 2},
        {"add(bn|id)", 1},
        {"relu,conv3-64,conv3-(1+1),(bn)", 0},
        {"add(bn|id),conv1-5,add(bn|id),maxpool,add(bn|id)", 3}, /* for each shape */
        {"2x(add(bn|id))", 2},
        {"aux(2x(bn)),add(aux(relu),id|id)", 2}, /* the second head costs nothing */
        {"add(aux(bn),id|id)", 0},
        {"a:add(bn|id),2x(a.b:bn),add(b:bn|id)", 0},
        {"n=2;2x(n*bn),add(n*bn|id)", 0},
        {"f=bn;2x(f),add(f|id)", 0},
        {"2 x(bn),add (bn|id)", 0},
        {"add(bn,bn|relu)", 1}, /* 15, 16, 63, 64 and 65 bytes */
        {"add(bn,bn|relu6)", 1},
        {"2x(conv3-64,bn,relu,conv3-64,bn,relu,conv3-64,bn,relu,bn,relu)", 1},
        {"2x(conv3-64,bn,relu,conv3-64,bn,relu,conv3-64,bn,relu,relu,relu)", 1},
        {"2x(conv3-64,bn,relu,conv3-64,bn,relu,conv3-64,bn,relu,relu,relu6)", 0},
        {"2x(bn|id)", 0},
        {"add(bn|foo)", 0},
        {"2x(FC-1500000000)", 0}, /* too many to add them up without a look: 2^60 and more */
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_memo *memo = new_memo();
        cnn_outline outline;
        cnn_error err;
        (void)read_outline(memo, view(rows[i].list), &outline, &err);
        int kept_phrases = 0;
        for (int k = 0; k < CNN_PHRASE_SLOTS; k++) {
            kept_phrases += memo->phrases.slots[k].text[0] != 0;
        }
        EXPECT(failed, kept_phrases == rows[i].kept, "%s: %d", rows[i].list, kept_phrases);
    }
    assert_int_equal(failed, 0);
}

static void a_small_arena_holds_no_memo(void **state)
{
    (void)state;
    static _Alignas(16) unsigned char small[sizeof(cnn_memo) - 16];
    cnn_arena arena = cnn_arena_over(small, sizeof small);
    assert_null(cnn_memo_make(&arena));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_read_before_changes_nothing),
        cmocka_unit_test(a_full_memo_still_reads),
        cmocka_unit_test(full_phrases_still_read),
        cmocka_unit_test(every_sign_may_stand_behind_a_phrase),
        cmocka_unit_test(short_texts_are_read_from_their_beginning),
        cmocka_unit_test(effects_of_others_are_not_taken),
        cmocka_unit_test(there_may_be_more_shapes_than_numbers),
        cmocka_unit_test(what_is_known_is_forgotten_where_room_may_be_wanted),
        cmocka_unit_test(plain_texts_are_kept_and_no_others),
        cmocka_unit_test(joins_and_groups_are_kept_and_nothing_else),
        cmocka_unit_test(a_small_arena_holds_no_memo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
