/*
 * Eight outputs at a time; the lanes of a sum are partial sums of one output. Of 16 inputs the products of the first 8,
 * and of the last 8 on top of them, fit 16 bits; SADALP adds these in pairs.
 *
 *   v0       inputs           v16-v23  sums                      v4-v7  products
 *   v24-v31  weights; later multipliers and shifts               v1  output zero point    v2, v3  clamp
 *   x2       stream           x11      its start                 x1  input         x7  inputs of the block to come
 *   x3       output           w4       batches left              w5  outputs left  w9  outputs of the block
 *   x6       bytes of 16 inputs' weights, 16 * w9                w8  inputs left   w10 inputs
 *   x13      constants of the block                              w12 whether one scale serves all
 */
.macro multiply a, b, s, t, p, q
  smull v\p\().8h, v\a\().8b, v0.8b
  smull v\q\().8h, v\b\().8b, v0.8b
  smlal2 v\p\().8h, v\a\().16b, v0.16b
  smlal2 v\q\().8h, v\b\().16b, v0.16b
  sadalp v\s\().4s, v\p\().8h
  sadalp v\t\().4s, v\q\().8h
.endm

.macro multiply_half a, s, p
  smull v\p\().8h, v\a\().8b, v0.8b
  sadalp v\s\().4s, v\p\().8h
.endm

/* Four outputs in `a`. The sign turns halves up into halves away from 0. */
.macro scale a, b, c, d, bias, multiplier, shift
  addp v\a\().4s, v\a\().4s, v\b\().4s
  addp v\c\().4s, v\c\().4s, v\d\().4s
  addp v\a\().4s, v\a\().4s, v\c\().4s
  add v\a\().4s, v\a\().4s, v\bias\().4s
  sqrdmulh v\a\().4s, v\a\().4s, v\multiplier\().4s
  ssra v\a\().4s, v\a\().4s, #31
  srshl v\a\().4s, v\a\().4s, v\shift\().4s
.endm

  .section .text.whittle_fully_connected_s8_neon, "ax", %progbits
  .align 2
  .global whittle_fully_connected_s8_neon
  .type whittle_fully_connected_s8_neon, %function
whittle_fully_connected_s8_neon:
  ldp w4, w10, [x0]
  mov x11, x2
  ldp w14, w15, [x0, #24]
  ldr w12, [x0, #32]
  dup v1.8h, w14
  dup v2.16b, w15
  dup v3.16b, w12
  ldr w12, [x0, #12]

.Lbatch:
  mov x2, x11
  ldr w5, [x0, #8]
.Lblock:
  mov w9, #8
  cmp w5, #8
  csel w9, w5, w9, lo
  lsl x6, x9, #4
  mov x13, x2
  add x2, x2, x9, lsl #2
  cbnz w12, .Lweights
  add x2, x2, x9, lsl #2
  add x2, x2, x9
.Lweights:
  .irp sum, 16, 17, 18, 19, 20, 21, 22, 23
  movi v\sum\().4s, #0
  .endr
  mov x7, x1
  subs w8, w10, #16
  b.lo .Lrest
.Lslice:
  ldr q0, [x7], #16
  add x14, x2, #64
  ld1 {v24.16b, v25.16b, v26.16b, v27.16b}, [x2], x6
  ld1 {v28.16b, v29.16b, v30.16b, v31.16b}, [x14]
  multiply 24, 25, 16, 17, 4, 5
  multiply 26, 27, 18, 19, 6, 7
  multiply 28, 29, 20, 21, 4, 5
  multiply 30, 31, 22, 23, 6, 7
  subs w8, w8, #16
  b.hs .Lslice
.Lrest:
  adds w8, w8, #16
  b.eq .Lsummed
  /* 1 to 15 inputs are left: a slice of 16 or 8, zeros beyond the end. */
  subs w8, w8, #8
  b.ls .Lfew
  ldr d0, [x7], #8
  mov x15, #0
1:
  sub w8, w8, #1
  ldrb w14, [x7, x8]
  orr x15, x14, x15, lsl #8
  cbnz w8, 1b
  mov v0.d[1], x15
  add x14, x2, #64
  ld1 {v24.16b, v25.16b, v26.16b, v27.16b}, [x2], x6
  ld1 {v28.16b, v29.16b, v30.16b, v31.16b}, [x14]
  multiply 24, 25, 16, 17, 4, 5
  multiply 26, 27, 18, 19, 6, 7
  multiply 28, 29, 20, 21, 4, 5
  multiply 30, 31, 22, 23, 6, 7
  b .Lsummed
.Lfew:
  add w8, w8, #8
  mov x15, #0
2:
  sub w8, w8, #1
  ldrb w14, [x7, x8]
  orr x15, x14, x15, lsl #8
  cbnz w8, 2b
  fmov d0, x15
  add x14, x2, #32
  ld1 {v24.8b, v25.8b, v26.8b, v27.8b}, [x2]
  ld1 {v28.8b, v29.8b, v30.8b, v31.8b}, [x14]
  add x2, x2, x6, lsr #1
  multiply_half 24, 16, 4
  multiply_half 25, 17, 5
  multiply_half 26, 18, 6
  multiply_half 27, 19, 7
  multiply_half 28, 20, 4
  multiply_half 29, 21, 5
  multiply_half 30, 22, 6
  multiply_half 31, 23, 7
.Lsummed:
  ldp q4, q5, [x13]
  cbnz w12, .Lone_scale
  add x13, x13, x9, lsl #2
  ldp q24, q25, [x13]
  add x13, x13, x9, lsl #2
  ldr d26, [x13]
  sshll v26.8h, v26.8b, #0
  sshll2 v27.4s, v26.8h, #0
  sshll v26.4s, v26.4h, #0
  b .Lscale
.Lone_scale:
  ldp w14, w15, [x0, #16]
  dup v24.4s, w14
  dup v25.4s, w14
  dup v26.4s, w15
  dup v27.4s, w15
.Lscale:
  scale 16, 17, 18, 19, 4, 24, 26
  scale 20, 21, 22, 23, 5, 25, 27
  sqxtn v16.4h, v16.4s
  sqxtn2 v16.8h, v20.4s
  sqadd v16.8h, v16.8h, v1.8h
  sqxtn v16.8b, v16.8h
  smax v16.8b, v16.8b, v2.8b
  smin v16.8b, v16.8b, v3.8b
  subs w5, w5, #8
  b.lo .Lpartly
  str d16, [x3], #8
  b.ne .Lblock
.Lnext:
  add x1, x1, x10
  subs w4, w4, #1
  b.ne .Lbatch
  ret

/* Fewer than eight outputs. */
.Lpartly:
  tbz w9, #2, 3f
  str s16, [x3], #4
  ext v16.8b, v16.8b, v16.8b, #4
3:
  tbz w9, #1, 4f
  str h16, [x3], #2
  ext v16.8b, v16.8b, v16.8b, #2
4:
  tbz w9, #0, .Lnext
  str b16, [x3], #1
  b .Lnext
  .size whittle_fully_connected_s8_neon, . - whittle_fully_connected_s8_neon
  .section .note.GNU-stack, "", %progbits
